import assert from "node:assert/strict";
import { test } from "node:test";
import { bare, percent, words } from "/static/portal/rule-words.js";

test("a rule's words name what it asks of a message", () => {
  assert.equal(words({}), "every number");
  assert.equal(
    words({ prefix: "65", mcc: "525", mnc: "", source: "ACME" }),
    "numbers that begin with +65, in network 525, from ACME",
  );
});

test("a share below one in a hundred is not written as none", () => {
  assert.equal(percent(0), "0 %");
  assert.equal(percent(0.004), "0.4 %");
  assert.equal(percent(0.5), "50 %");
});

test("a rule is saved without what the server worked out", () => {
  const rule = { id: "r", prefix: "", is_used: true, shares: [{ carrier: "a", weight: "3", health: "up" }] };

  assert.deepEqual(bare(rule).shares, [{ carrier: "a", weight: 3 }]);
  assert.ok(!("is_used" in bare(rule)));
});
