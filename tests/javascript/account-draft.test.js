import assert from "node:assert/strict";
import { test } from "node:test";
import { draftOf, errorAt, newAudience, payloadOf, rulesOf } from "/static/app/account-draft.js";

const STORED = {
  account: {
    zone: "Asia/Singapore",
    quiet: [{ from: "22:00", to: "08:00", days: ["saturday"], zone: "account" }],
    limits: { per_person: ["3 per 7 days"], gap: "12 hours", per_day: 10 },
    holdout: 2.5,
  },
  audiences: [{ name: "Gold", rule: { all: [{ profile: "Tier", equals: "gold" }] } }],
};

test("what the server has goes through the form unchanged, also what the form does not show", () => {
  const { account, audiences } = payloadOf(draftOf(STORED));

  assert.deepEqual(account.limits, STORED.account.limits);
  assert.deepEqual(account.quiet, [
    // biome-ignore lint/suspicious/noThenProperty: the word of the language
    { ...STORED.account.quiet[0], then: "delay" },
  ]);
  assert.deepEqual([account.zone, account.holdout, audiences], ["Asia/Singapore", 2.5, STORED.audiences]);
});

test("an account without anything is empty, and one span of quiet hours may stand alone", () => {
  const empty = payloadOf(draftOf({ account: {}, audiences: [] }));
  const one = draftOf({ account: { quiet: { from: "22:00", to: "08:00" } }, audiences: [] });

  assert.deepEqual(empty, { account: { limits: { per_person: [] }, holdout: 0 }, audiences: [] });
  assert.equal(one.account.quiet.length, 1);
});

test("a new audience has a rule to fill in, and may not be left without one", () => {
  assert.deepEqual(newAudience().rule, { profile: "", equals: "" });
  const [, rule] = rulesOf({ account: { limits: { per_person: [] } }, audiences: [newAudience()] }).at(-1);

  assert.equal(rule(newAudience().rule), "");
  assert.match(rule(undefined), /^Add a rule/);
});

test("a draft is checked before it is sent", () => {
  const draft = draftOf({
    account: { limits: { per_person: [""] }, holdout: 101 },
    audiences: [{ name: "", rule: undefined }],
  });
  const wrong = rulesOf(draft)
    .filter(([path, rule]) => rule(path.split(".").reduce((place, step) => place[step], draft)))
    .map(([path]) => path);

  assert.deepEqual(wrong, ["account.holdout", "account.limits.per_person.0", "audiences.0.name", "audiences.0.rule"]);
});

test("an error inside a group of fields is told at the group", () => {
  const errors = { "account.quiet.0.from": "Wrong.", "account.quiet.1": "They overlap." };

  assert.equal(errorAt(errors, "account.quiet.0"), "from: Wrong.");
  assert.equal(errorAt(errors, "account.quiet.1"), "They overlap.");
  assert.equal(errorAt(errors, "account.quiet.2"), undefined);
});
