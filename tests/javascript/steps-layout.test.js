import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { figureOf, flowOf, thickness } from "/static/app/parts/steps/figures.js";
import { layoutOf, neighbour } from "/static/app/parts/steps/layout.js";
import { learnFrom } from "/static/app/vocabulary.js";

learnFrom(JSON.parse(readFileSync(new URL("./made/vocabulary.json", import.meta.url), "utf8")));

const send = (id) => ({ id, send: { text: id } });
const STEPS = [
  { id: "pause", wait: { for: "1 hour", or: [{ event: "Paid" }] } },
  {
    id: "plan",
    choose: [
      { if: { profile: "Plan", equals: "gold" }, steps: [send("gold"), send("more")] },
      { else: true, steps: [{ id: "none", stop: "no plan" }] },
    ],
  },
  { id: "again", repeat: { times: 3, every: "1 day", steps: [send("ask")] } },
  send("last"),
];

const big = (count) =>
  Array.from({ length: count }, (_, at) => ({
    id: `s${at}`,
    split: [
      { share: 50, steps: [send(`${at}a`), send(`${at}b`)] },
      { share: 50, steps: [send(`${at}c`)] },
    ],
  }));

const overlaps = (one, other) =>
  Math.abs(one.x - other.x) < (one.width + other.width) / 2 &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

for (const [name, steps] of [
  ["nothing", []],
  ["all kinds", STEPS],
  ["200 steps", big(50)],
  ["deep", Array.from({ length: 8 }).reduce((inner) => [{ id: "d", split: [{ share: 50, steps: inner }] }], STEPS)],
]) {
  test(`nothing stands on anything else, and all within the plane: ${name}`, () => {
    const { items, width, height } = layoutOf(steps, (path) => 60 + (path.length % 3) * 20);

    for (const [at, one] of items.entries()) {
      assert.ok(one.x - one.width / 2 >= 0 && one.x + one.width / 2 <= width && one.y + one.height <= height, one.key);
      for (const other of items.slice(at + 1)) assert.ok(!overlaps(one, other), `${one.key} on ${other.key}`);
    }
  });
}

test("every list can be added to at its beginning, its end and between, and only once at each place", () => {
  const spots = layoutOf(STEPS)
    .edges.filter((edge) => edge.plus)
    .map(({ list, at }) => `${list} ${at}`);

  const wanted = [
    ...[0, 1, 2, 3, 4].map((at) => `steps ${at}`),
    "steps.0.wait.or.0.steps 0",
    ...[0, 1, 2].map((at) => `steps.1.choose.0.steps ${at}`),
    ...[0, 1].map((at) => `steps.1.choose.1.steps ${at}`),
    ...[0, 1].map((at) => `steps.2.repeat.steps ${at}`),
  ];
  assert.deepEqual(spots.sort(), wanted.sort());
});

test("branches have their labels, who leaves an end, and the time that is over a way of its own", () => {
  const { items } = layoutOf(STEPS);
  const texts = (kind) => items.filter((item) => item.kind === kind).map((item) => item.text);

  assert.deepEqual(texts("label"), [
    "If “Paid” comes",
    "When the time is over",
    "If Plan is “gold”",
    "Otherwise",
    "Each time",
  ]);
  assert.deepEqual(texts("end"), ["They leave", "End"]);
});

test("who waits for the winner of a split goes on by another branch, and nothing is inserted there", () => {
  const steps = [
    {
      id: "best",
      split: [
        { share: 20, steps: [send("a")] },
        { share: 80, winner: { by: "replies", after: "4 hours" } },
      ],
    },
  ];
  const { items, edges } = layoutOf(steps);

  assert.deepEqual(
    items.filter((item) => item.kind === "end").map(({ text, list }) => [text, list]),
    [
      ["Go where it is best", undefined],
      ["End", "steps"],
    ],
  );
  assert.ok(edges.every((edge) => !edge.plus || !edge.list.includes("split.1")));
});

test("behind a stop nobody comes", () => {
  const { edges } = layoutOf([{ id: "stop", stop: "" }, send("a")]);

  assert.deepEqual(
    edges.map((edge) => edge.isDead),
    [false, true, true],
  );
});

test("arrows lead down through the branches and join, back up, and across", () => {
  const layout = layoutOf(STEPS);
  const walk = (from, ...arrows) => arrows.reduce((key, arrow) => neighbour(layout, key, arrow) ?? key, from);

  assert.equal(walk("start", "ArrowDown"), "steps.0");
  assert.equal(walk("steps.0", "ArrowDown"), "steps.0.wait.or.0.steps label");
  assert.equal(walk("steps.0", "ArrowDown", "ArrowRight"), "steps.0.past label");
  assert.equal(walk("steps.0.past label", "ArrowDown"), "steps.1");
  assert.equal(walk("steps.1.choose.0.steps.1", "ArrowDown"), "steps.2");
  assert.equal(walk("steps.2", "ArrowUp"), "steps.1.choose.0.steps.1");
  assert.equal(walk("steps.1.choose.0.steps.0", "ArrowRight"), "steps.1.choose.1.steps.0");
  assert.equal(walk("steps.1.choose.0.steps.0", "ArrowLeft"), "steps.1.choose.0.steps.0");
  assert.equal(walk("steps.1", "End"), "end");
  assert.equal(walk("steps.1", "Home"), "start");
});

test("everything is reached by down and right alone, from the start", () => {
  const layout = layoutOf(STEPS);
  const reached = new Set(["start"]);
  for (const key of reached) {
    for (const arrow of ["ArrowDown", "ArrowRight"]) {
      const next = neighbour(layout, key, arrow);
      if (next) reached.add(next);
    }
  }

  assert.deepEqual(
    layout.items.map((item) => item.key).filter((key) => !reached.has(key)),
    [],
  );
});

test("200 steps are laid out within a frame", () => {
  const times = Array.from({ length: 9 }, () => {
    const began = performance.now();
    const { items } = layoutOf(big(50));
    assert.equal(items.filter((item) => item.kind === "step").length, 200);
    return performance.now() - began;
  });

  assert.ok(Math.min(...times) < 16, `the fastest of nine took ${Math.min(...times)} ms`);
});

test("the flow of each line is who came, without who stays or left", () => {
  const figures = {
    entered: 100,
    steps: {
      pause: { reached: 100, waiting: 20, left: 10 },
      plan: { reached: 70, waiting: 0, left: 0 },
      gold: { reached: 30, waiting: 5, left: 0 },
      more: { reached: 25, waiting: 0, left: 0 },
      none: { reached: 40, waiting: 0, left: 40 },
      again: { reached: 25, waiting: 5, left: 0 },
      ask: { reached: 60, waiting: 0, left: 0 },
      last: { reached: 20, waiting: 0, left: 0 },
    },
  };
  const flow = flowOf(STEPS, figures, layoutOf(STEPS));

  for (const [edge, people] of [
    ["steps.0 in", 100],
    ["steps.0.past label in", 70],
    ["steps.1 in", 70],
    ["steps.1.choose.0.steps label in", 30],
    ["steps.1.choose.0.steps.1 in", 25],
    ["steps.1.choose.0.steps out", 25],
    ["steps.1.choose.1.steps out", 0],
    ["steps.2 in", 25],
    ["steps.4 in", 20],
  ]) {
    assert.equal(flow.get(edge), people, edge);
  }
  assert.equal(figureOf(figures, "unheard of").reached, 0);
});

test("a line is the thicker the more people it had, and never invisible", () => {
  assert.equal(thickness(0, 100), thickness(0, 0));
  assert.ok(thickness(0, 100) > 1);
  assert.ok(thickness(1, 100) < thickness(50, 100));
  assert.ok(thickness(100, 100) < 10);
});
