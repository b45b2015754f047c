import assert from "node:assert/strict";
import { test } from "node:test";
import { mistakesByStep } from "/static/app/parts/steps/step-words.js";
import { inOrder, spotOf } from "/static/app/parts/steps/spots.js";
import { stopsOf, sumOf } from "/static/app/parts/steps/walk-stops.js";

const send = (id) => ({ id, send: { text: id } });
const STEPS = [
  { id: "answer", wait: { for: "1 day", or: [{ event: "Paid" }, { event: "Seen", steps: [send("thanks")] }] } },
  {
    id: "which",
    split: [
      { share: 50, steps: [send("a")] },
      { share: 50, steps: [] },
    ],
  },
  { id: "again", repeat: { times: 2, every: "1 day", steps: [send("ask")] } },
];
const stop = (step, rest = {}) => ({
  step,
  at: "9:00",
  is_taken: true,
  way: null,
  verdict: null,
  code: "",
  text: "",
  parts: 0,
  held_until: null,
  ...rest,
});
const WALK = {
  stops: [
    stop("answer", { way: -1 }),
    stop("which", { way: 1 }),
    stop("again"),
    stop("ask", { verdict: "send", text: "How was it?", parts: 2 }),
    stop("a", { is_taken: false, verdict: "skip", code: "no_consent" }),
    stop("thanks", { is_taken: false, verdict: "send", text: "Thanks", parts: 1, held_until: "8:00" }),
  ],
  end: { code: "finished", at: "10:00" },
  is_whole: true,
};

test("a walk says what becomes of somebody at each step, and which branches they come to", () => {
  const said = stopsOf(STEPS, WALK, (iso) => `at ${iso}`);
  const brief = Object.fromEntries([...said].map(([key, { words, isTaken }]) => [key, `${isTaken} ${words}`.trim()]));

  assert.deepEqual(brief, {
    "steps.0": "true until the time is over",
    "steps.0.past label": "true",
    "steps.0.wait.or.1.steps.0": "false held until at 8:00, then sent",
    "steps.1": "true 50 %",
    "steps.1.split.1.steps label": "true",
    "steps.1.split.0.steps.0": "false not sent: no consent",
    "steps.2": "true",
    "steps.2.repeat.steps label": "true",
    "steps.2.repeat.steps.0": "true sent, 2 parts",
    end: "true",
  });
  assert.equal(said.get("steps.2.repeat.steps.0").moment, "at 9:00");
});

test("a walk is summed up in sentences", () => {
  const asIs = (iso) => iso;
  assert.deepEqual(sumOf(WALK, asIs), ["One message.", "The last step is done 10:00."]);
  assert.deepEqual(sumOf({ stops: [], end: null, is_whole: false }, asIs), [
    "No messages.",
    "There are more branches than are shown.",
  ]);
});

test("a mistake is the innermost step's, however its path is written", () => {
  const found = mistakesByStep(STEPS, {
    "steps.0.wait.or.1.steps.0.send.text": "Empty.",
    "steps[1].split": "They do not sum to 100.",
    "steps.1.split.0.share": "Too much.",
    "start.event": "Nobody sent it.",
  });

  assert.deepEqual(
    [...found],
    [
      ["steps.0.wait.or.1.steps.0", [["send.text", "Empty."]]],
      [
        "steps.1",
        [
          ["split", "They do not sum to 100."],
          ["split.0.share", "Too much."],
        ],
      ],
    ],
  );
});

test("a step is inserted behind the marked one, and first in a branch or in all", () => {
  for (const [key, list, at] of [
    ["start", "steps", 0],
    ["end", "steps", 3],
    ["steps.1", "steps", 2],
    ["steps.1.split.0.steps.0", "steps.1.split.0.steps", 1],
    ["steps.1.split.0.steps label", "steps.1.split.0.steps", 0],
    ["steps.0.wait.or.0.steps end", "steps.0.wait.or.0.steps", 0],
    ["steps.0.past label", "steps", 1],
    ["steps.9", "steps", 0],
  ]) {
    assert.deepEqual(spotOf(STEPS, key), { list, at }, key);
  }
  assert.deepEqual(spotOf(STEPS, "steps.1.split.0.steps label", true), { list: "steps.1.split.0.steps", at: 1 });
});

test("in an outline arrows lead to what is read before and after", () => {
  const keys = ["a", "b", "c"];
  assert.deepEqual(
    ["ArrowUp", "ArrowDown", "Home", "End", "ArrowLeft"].map((arrow) => inOrder(keys, "b", arrow)),
    ["a", "c", "a", "c", undefined],
  );
});
