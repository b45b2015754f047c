import assert from "node:assert/strict";
import { test } from "node:test";
import * as model from "/static/shared/ui/form/model.js";

const FIRST = { name: "", headers: [{ name: "a", value: "" }], guard: { cap: 3 } };
const form = model.filled(FIRST);

test("a value is put at its path, and the rest stays what it was", () => {
  const next = model.put(model.put(form, "headers.0.value", "x"), "guard.cap", 4);
  assert.deepEqual(next.values, { name: "", headers: [{ name: "a", value: "x" }], guard: { cap: 4 } });
  assert.deepEqual(FIRST.headers[0].value, "");
  assert.ok(Array.isArray(next.values.headers));
  assert.deepEqual(model.put(form, "new.deep", 1).values.new, { deep: 1 });
  assert.equal(model.valueAt(next.values, "headers.0.value"), "x");
  assert.equal(model.valueAt(next.values, "no.such.place"), undefined);
});

test("a form is dirty from the first change until it is saved or changed back", () => {
  const typed = model.put(form, "name", "x");
  assert.deepEqual([form, typed, model.put(typed, "name", ""), model.saved(typed)].map(model.isDirty), [
    false,
    true,
    false,
    false,
  ]);
});

test("all errors come at once, each goes when its field changes, the sentence with the last", () => {
  const wrong = model.refused(form, { message: "Not yet.", fields: { name: "Name it.", "guard.cap": "Too many." } });
  assert.deepEqual(model.errorsOf(wrong), { name: "Name it.", "guard.cap": "Too many." });
  const half = model.put(wrong, "name", "x");
  assert.deepEqual(model.errorsOf(half), { "guard.cap": "Too many." });
  assert.equal(model.messageOf(half), "Not yet.");
  const whole = model.put(half, "guard.cap", 2);
  assert.deepEqual(model.errorsOf(whole), {});
  assert.equal(model.messageOf(whole), "");
});

test("an error comes back with the value that it was about", () => {
  const wrong = model.refused(form, { message: "Not yet.", fields: { name: "Name it." } });
  const back = model.put(model.put(wrong, "name", "x"), "name", "");
  assert.deepEqual(model.errorsOf(back), { name: "Name it." });
});

test("a problem of no field stands until the next try", () => {
  const down = model.refused(form, { message: "It does not answer." });
  assert.equal(model.messageOf(model.put(down, "name", "x")), "It does not answer.");
  assert.equal(model.messageOf(model.saved(down)), "");
});

test("rules tell everything that is wrong, the first reason for each field", () => {
  const rules = [
    ["name", (value) => (value ? "" : "Name it.")],
    ["name", (value) => (value.length > 2 ? "" : "Longer.")],
    ["guard.cap", (value, values) => (values.name || value < 3 ? "" : "Too many.")],
  ];
  assert.deepEqual(model.broken(FIRST, rules), { name: "Name it.", "guard.cap": "Too many." });
  assert.deepEqual(model.broken({ ...FIRST, name: "abc" }, rules), {});
});

test("what the server has now does not overwrite what is typed", () => {
  const theirs = { ...FIRST, name: "theirs" };
  const typed = model.put(form, "name", "mine");
  assert.equal(model.refreshed(form, theirs).values.name, "theirs");
  assert.equal(model.refreshed(typed, theirs).values.name, "mine");
  assert.equal(model.isDirty(model.refreshed(typed, theirs)), true);
});
