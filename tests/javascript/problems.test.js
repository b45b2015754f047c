import assert from "node:assert/strict";
import { test } from "node:test";
import { holding } from "/static/shared/ui/form/model.js";

const THEN = { name: "", headers: [["", "x"]], batch: null };

test("an error holds while its field is as it was, and goes with the change of that field alone", () => {
  const fields = { name: "Give it a name.", "headers.0.name": "A header has a name." };

  assert.deepEqual(holding(fields, THEN, { ...THEN }), fields);
  assert.deepEqual(holding(fields, THEN, { ...THEN, name: "x" }), { "headers.0.name": fields["headers.0.name"] });
  assert.deepEqual(holding(fields, THEN, { ...THEN, headers: [["a", "x"]] }), { name: fields.name });
});

test("an error inside of something that is not there holds until that is there", () => {
  const fields = { "batch.size": "Between 1 and 100." };

  assert.deepEqual(holding(fields, THEN, THEN), fields);
  assert.deepEqual(holding(fields, THEN, { ...THEN, batch: { size: 7 } }), {});
});
