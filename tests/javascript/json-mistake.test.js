import assert from "node:assert/strict";
import { test } from "node:test";
import { mistakeAt } from "/static/app/json-mistake.js";

const MISTAKES = [
  ['{"a": $$To}', 6],
  ['{"a": 1,}', 8],
  ["[1, 2", 6],
  ["[01]", 2],
  ['{"a" 1}', 5],
  ["{'a': 1}", 1],
  ['"a\nb"', 0],
  ["", 0],
  ["[1] 2", 4],
  ["[tru]", 1],
];
for (const [text, at] of MISTAKES) {
  test(`${JSON.stringify(text)} stops being JSON at ${at}`, () => {
    assert.equal(mistakeAt(text), Math.min(at, text.length));
    assert.throws(() => JSON.parse(text));
  });
}

const WHOLE = ["{}", "[]", '{"a": [1, -2.5e3, true, false, null, "\\u00e9\\n"]}', ' [ {"": {}} ] ', "7"];
for (const text of WHOLE) {
  test(`${text} is JSON to its end`, () => {
    JSON.parse(text);
    assert.equal(mistakeAt(text), text.length);
  });
}
