// Audiences: rows about what somebody did, the words for them, and what the server said of each line.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { byPlace, isCountable, placeOf } from "/static/app/audience-draft.js";
import { isPlainDid, timesOf, withDid } from "/static/app/document/did-row.js";
import { ruleWords } from "/static/app/journey-words.js";
import { learnFrom } from "/static/app/vocabulary.js";

learnFrom(JSON.parse(readFileSync(new URL("./made/vocabulary.json", import.meta.url), "utf8")));

const BOUGHT = {
  did: "Charged",
  where: [{ property: "Amount", greater_than: 10 }],
  at_least: 2,
  within: "30 days",
};

test("a row shows how often, within which time and like what; sums and other windows it does not", () => {
  assert.ok([BOUGHT, { did: "Charged" }, { did: "Charged", at_most: 0 }].every(isPlainDid));
  for (const more of [{ sum: { property: "Amount", at_least: 1 } }, { since: "entering" }, { exactly: 1 }]) {
    assert.equal(isPlainDid({ ...BOUGHT, ...more }), false);
  }
});

test("a changed row says nothing that goes without saying", () => {
  assert.deepEqual(timesOf({ did: "Charged" }), ["at_least", 1]);
  assert.deepEqual(withDid(BOUGHT, { times: ["at_least", 1], within: "", where: [] }), { did: "Charged" });
  assert.deepEqual(withDid({ did: "A" }, { times: ["exactly", 3] }), { did: "A", exactly: 3 });
});

test("what somebody did is said in words", () => {
  assert.equal(
    ruleWords({ not: BOUGHT }),
    "not: they did “Charged” at least 2 times within 30 days where Amount is more than 10",
  );
  assert.match(ruleWords({ did: "Charged", first_time: true }), /for the first time/);
});

test("what the server says of a line comes to its row", () => {
  assert.equal(placeOf("rule.all[0].not.where[12].value"), "rule.all.0.not.where.12.value");
  assert.deepEqual(byPlace({ "rule.all[1]": 7 }), { "rule.all.1": 7 });
  assert.deepEqual(byPlace(undefined), {});
});

test("a rule is counted once every name in it is there", () => {
  assert.ok(isCountable({ all: [BOUGHT, { not: { profile: "Plan", exists: true } }] }));
  for (const rule of [undefined, { all: [] }, { any: [BOUGHT, { did: " " }] }, { not: { member: "" } }]) {
    assert.equal(isCountable(rule), false);
  }
});
