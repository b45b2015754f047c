import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldsInShort, placeOf, sideOf, titleOf, wayWords } from "/static/app/audit-words.js";

const LINE = {
  kind: "campaign",
  object_id: "7",
  name: "Cart reminder",
  what: "published",
  way: "",
  fields: [],
  left_out: 0,
};

test("a title says what became of what", () => {
  assert.equal(titleOf(LINE), "Cart reminder published");
  assert.equal(titleOf({ ...LINE, kind: "account", name: "", what: "paused" }), "All sending paused");
  assert.equal(titleOf({ ...LINE, kind: "account", name: "", what: "changed" }), "Account changed");
  assert.equal(titleOf({ ...LINE, name: "" }), "7 published");
  assert.equal(wayWords({ way: "apply" }), "by a plan that was applied");
  assert.equal(wayWords(LINE), "");
});

test("the first fields are named and the others counted", () => {
  const fields = ["content.text", "event", "holdout", "key"].map((field) => ({ field }));

  assert.equal(fieldsInShort({ fields, left_out: 2 }), "Text, Event, Holdout, 3 more");
  assert.equal(fieldsInShort({ fields: fields.slice(0, 1), left_out: 0 }), "Text");
});

test("a side is its value, nothing, or a secret that is not kept; a cut one says how long it was", () => {
  const diff = { field: "content.text", before: null, after: "Hello", after_length: 4000 };

  assert.deepEqual(sideOf(diff, "before"), { text: "nothing", isNothing: true, cut: "" });
  assert.deepEqual(sideOf(diff, "after"), {
    text: "Hello",
    isNothing: false,
    cut: `The beginning of ${(4000).toLocaleString(navigator.language)} characters.`,
  });
  assert.equal(sideOf({ before: "***", after: "***", is_secret: true }, "after").text, "A secret; not kept.");
  assert.equal(sideOf({ before: false, after: true }, "after").text, "yes");
});

test("what is there has a page, what is gone or has none does not", () => {
  assert.equal(placeOf(LINE), "/campaigns/7");
  assert.equal(placeOf({ ...LINE, what: "deleted" }), null);
  assert.equal(placeOf({ ...LINE, kind: "audience", object_id: "Gold" }), null);
});
