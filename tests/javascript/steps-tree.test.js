import assert from "node:assert/strict";
import { test } from "node:test";
import { changed, noHistory, redone, undone } from "/static/app/parts/steps/history.js";
import { KINDS, kindOf, newStep, stepIn } from "/static/app/parts/steps/kinds.js";
import {
  at,
  everyStep,
  freeId,
  holderOf,
  idsIn,
  insertStep,
  moveStep,
  placeOf,
  removeStep,
  replaceStep,
  withFreeIds,
} from "/static/app/parts/steps/tree.js";

const send = (id) => ({ id, send: { text: id } });
const STEPS = [
  send("a"),
  { id: "wait", wait: { for: "2 days", or: [{ event: "Paid" }, { event: "Seen", steps: [send("seen")] }] } },
  {
    id: "which",
    split: [
      { share: 50, steps: [send("b"), send("c")] },
      { share: 50, steps: [] },
    ],
  },
  { id: "again", repeat: { times: 3, every: "1 day", steps: [send("d")] } },
  send("e"),
];
const frozen = (value) => {
  if (typeof value === "object" && value) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
};
frozen(STEPS);

const shape = (steps) =>
  steps.map((step) => {
    const lists = [step.wait?.or, step.choose, step.split].find(Boolean)?.map((one) => one.steps && shape(one.steps));
    const below = step.repeat ? [shape(step.repeat.steps)] : lists;
    return below ? [step.id, ...below] : step.id;
  });

test("every step has the path under which mistakes speak of it", () => {
  const paths = Object.fromEntries(everyStep(STEPS).map(({ path, step }) => [step.id, path]));

  assert.equal(paths.seen, "steps.1.wait.or.1.steps.0");
  assert.equal(paths.c, "steps.2.split.0.steps.1");
  assert.equal(paths.d, "steps.3.repeat.steps.0");
  for (const { path, step } of everyStep(STEPS)) assert.equal(at(STEPS, path), step);
});

test("a path is taken apart into its list and place, and the list leads to its holder", () => {
  assert.deepEqual(placeOf("steps.2.split.0.steps.1"), { list: "steps.2.split.0.steps", at: 1 });
  for (const [list, holder] of [
    ["steps", ""],
    ["steps.2.split.0.steps", "steps.2"],
    ["steps.1.wait.or.1.steps", "steps.1"],
    ["steps.3.repeat.steps", "steps.3"],
    ["steps.3.repeat.steps.0.choose.1.steps", "steps.3.repeat.steps.0"],
  ]) {
    assert.equal(holderOf(list), holder);
  }
});

test("a step is inserted anywhere, also into a branch that everybody left", () => {
  const first = insertStep(STEPS, "steps", 0, send("new"));
  assert.equal(at(first.steps, first.path).id, "new");
  assert.equal(first.steps.length, 6);

  const branch = insertStep(STEPS, "steps.1.wait.or.0.steps", 0, send("new"));
  assert.equal(branch.path, "steps.1.wait.or.0.steps.0");
  assert.deepEqual(shape(branch.steps)[1], ["wait", ["new"], ["seen"]]);
  assert.equal(branch.steps[0], STEPS[0]); // what did not change is the same
  assert.equal(STEPS[1].wait.or[0].steps, undefined);
});

test("removing leads to the step that came after, else to the one before, else to the holder", () => {
  for (const [path, near] of [
    ["steps.0", "steps.0"],
    ["steps.4", "steps.3"],
    ["steps.2.split.0.steps.0", "steps.2.split.0.steps.0"],
    ["steps.3.repeat.steps.0", "steps.3"],
  ]) {
    const { steps, path: left } = removeStep(STEPS, path);
    assert.equal(left, near);
    assert.equal(everyStep(steps).length, everyStep(STEPS).length - everyStep([at(STEPS, path)]).length);
  }
  assert.equal(removeStep([send("a")], "steps.0").path, "");
});

test("replacing keeps everything else", () => {
  const steps = replaceStep(STEPS, "steps.2.split.0.steps.1", send("other"));

  assert.deepEqual(shape(steps)[2], ["which", ["b", "other"], []]);
  assert.equal(steps[1], STEPS[1]);
});

test("arrows move a step in its list, out of it, and into the branch beside", () => {
  for (const [path, way, ids, to] of [
    ["steps.0", "up", null, ""],
    ["steps.4", "down", null, ""],
    ["steps.0", "left", null, ""],
    ["steps.0", "right", null, ""],
    ["steps.1", "up", ["wait", "a", "which", "again", "e"], "steps.0"],
    ["steps.0", "down", ["wait", "a", "which", "again", "e"], "steps.1"],
    ["steps.2.split.0.steps.0", "up", ["a", "wait", "b", "which", "again", "e"], "steps.2"],
    ["steps.2.split.0.steps.1", "down", ["a", "wait", "which", "c", "again", "e"], "steps.3"],
    ["steps.2.split.0.steps.0", "left", ["a", "wait", "which", "b", "again", "e"], "steps.3"],
  ]) {
    const moved = moveStep(STEPS, path, way);
    assert.deepEqual(moved?.steps.map(({ id }) => id) ?? null, ids, `${path} ${way}`);
    if (moved) assert.equal(moved.path, to);
  }
  const beside = moveStep(STEPS, "steps.2.split.0.steps.0", "right");
  assert.deepEqual(shape(beside.steps)[2], ["which", ["c"], ["b"]]);
  assert.equal(beside.path, "steps.2.split.1.steps.0");
  const into = moveStep(STEPS, "steps.3", "right");
  assert.deepEqual(shape(into.steps)[2], ["which", ["b", "c", ["again", ["d"]]], []]);
  assert.equal(at(into.steps, into.path).id, "again");
  assert.deepEqual([...idsIn(into.steps)].sort(), [...idsIn(STEPS)].sort());
});

test("new ids are readable, unique, and no longer than the store takes", () => {
  const taken = new Set(["wait", "wait-2", "x".repeat(64)]);

  assert.equal(freeId("pause", taken), "pause");
  assert.equal(freeId("wait", taken), "wait-3");
  assert.equal(freeId("wait-2", taken), "wait-3");
  assert.equal(freeId("", taken), "step-2");
  assert.equal(freeId("x".repeat(64), taken).length, 64);
});

test("a copy of a step has new ids all through, and leaves what everybody leaves", () => {
  const copy = withFreeIds(STEPS[1], idsIn(STEPS));

  assert.deepEqual(shape([copy]), [["wait-2", undefined, ["seen-2"]]]);
  assert.equal(copy.wait.for, "2 days");
});

test("a new step of each kind can be drawn, and is known again as one of that kind", () => {
  for (const kind of KINDS) {
    const step = newStep(kind, idsIn(STEPS));
    assert.equal(kindOf(step), kind);
    assert.deepEqual(stepIn(JSON.stringify(step)), step);
  }
});

test("what is no step is not taken from the clipboard", () => {
  for (const text of ["", "hello", "null", "[]", "{}", '{"send":null}', '{"id":"a","choose":5}', '{"split":[null]}']) {
    assert.equal(stepIn(text), null, text);
  }
});

test("undo and redo lead through what was, and typing in one field is one change", () => {
  const moment = (id) => ({ steps: [send(id)], selected: id });
  let history = changed(noHistory(), moment("a"), "text", 0);
  history = changed(history, moment("b"), "text", 1_000);
  history = changed(history, moment("c"), "text", 9_000);

  const [back, before] = undone(history, moment("d"));
  assert.equal(before.selected, "c");
  const [further, first] = undone(back, before);
  assert.equal(first.selected, "a");
  assert.equal(undone(further, first), null);
  const [, again] = redone(further, first);
  assert.equal(again.selected, "c");
  assert.equal(redone(changed(further, first), first), null);
});
