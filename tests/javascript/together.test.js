import assert from "node:assert/strict";
import { test } from "node:test";
import { together } from "/static/shared/ui/together.js";

const part = (changes) => ({ data: undefined, error: null, isLoading: false, reload: () => {}, ...changes });

test("there is data once all parts are there; what is not asked for is null", () => {
  const first = together({ one: part({ data: 1 }), two: part({ isLoading: true }), none: false });
  const then = together({ one: part({ data: 1 }), two: part({ data: 2 }), none: false });

  assert.deepEqual([first.data, first.isLoading], [undefined, true]);
  assert.deepEqual([then.data, then.isLoading], [{ one: 1, two: 2, none: null }, false]);
});

test("one error stands for all, and all are asked for again", () => {
  const reloaded = [];
  const all = together({
    one: part({ data: 1, reload: () => reloaded.push("one") }),
    two: part({ error: new Error("away"), reload: () => reloaded.push("two") }),
  });
  all.reload();

  assert.equal(all.error.message, "away");
  assert.deepEqual(reloaded, ["one", "two"]);
});
