import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, query } from "/static/shared/ui/request.js";

test("a query leaves out what has no value, and keeps a zero", () => {
  assert.equal(query({ to: "", before: undefined, limit: 0, name: "a b&c", id: null }), "?limit=0&name=a+b%26c");
  assert.equal(query({ to: "" }), "");
});

test("an error's fields are named alike, however the server writes their places", () => {
  const fields = { "headers[0].value": "one", "$.name": "two", "content.text": "three" };
  const error = new ApiError(400, { message: "Two fields are wrong.", fields });

  assert.equal(error.message, "Two fields are wrong.");
  assert.deepEqual(error.fields, { "headers.0.value": "one", name: "two", "content.text": "three" });
});
