import assert from "node:assert/strict";
import { test } from "node:test";
import { insertion, mentioned } from "/static/app/mentions.js";

test("a text's properties are named each once, in order, by their space", () => {
  const text = 'Hi {{ Profile.Name }}, {{ Event["Order id"] }} {{ Event . Item }} {{ Profile.Name }} {{ Other.X }}';

  assert.deepEqual(mentioned(text), { Profile: ["Name"], Event: ["Order id", "Item"] });
});

test("an inserted property leaves the cursor inside of its empty default", () => {
  for (const [name, place] of [
    ["Item", "Event.Item"],
    ["Order id", 'Event["Order id"]'],
  ]) {
    const { text, caret } = insertion("Event", name);

    assert.equal(text, `{{ ${place} | default: "" }}`);
    assert.equal(text.slice(caret - 1, caret + 1), '""');
  }
});
