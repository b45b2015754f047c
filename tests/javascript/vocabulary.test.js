import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { boundsOf, changedAt, learnFrom, operatorChoices, valuesOf } from "/static/app/vocabulary.js";

learnFrom(JSON.parse(readFileSync(new URL("./made/vocabulary.json", import.meta.url), "utf8")));

test("controls have the bounds of their field", () => {
  assert.deepEqual(boundsOf("policy.attempts"), { min: 1, max: 100, maxlength: undefined });
  assert.equal(boundsOf("content.text").maxlength, 4096);
  assert.deepEqual(boundsOf("no.such"), { min: undefined, max: undefined, maxlength: undefined });
});

test("operators are shown in words, and take as many values as the server says", () => {
  assert.deepEqual(operatorChoices()[0], ["equals", "is"]);
  assert.deepEqual(["equals", "between", "less_than", "exists"].map(valuesOf), [Number.POSITIVE_INFINITY, 2, 1, 0]);
});

test("a value deep in a draft is changed without touching the draft", () => {
  const draft = { a: { b: 1, c: 2 }, d: 3 };

  assert.deepEqual(changedAt(draft, "a.b", 9), { a: { b: 9, c: 2 }, d: 3 });
  assert.deepEqual(draft, { a: { b: 1, c: 2 }, d: 3 });
});
