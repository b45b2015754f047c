import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  comparisonOf,
  isPlainCondition,
  shownValues,
  tidyCondition,
  withOneMore,
  withOperator,
  withValue,
} from "/static/app/document/comparison.js";
import { recurrenceOf, recurrenceText } from "/static/app/document/recurrence.js";
import { groupOf, isShownWhole, rowOf, ruleOf } from "/static/app/document/rule-rows.js";
import { perOf, spanOf, spanText } from "/static/app/document/spans.js";
import {
  blankStart,
  isShownStart,
  START_KINDS,
  scheduleIn,
  scheduleMode,
  startKind,
} from "/static/app/document/starts.js";
import { areShownSteps, isShownStep, placedSteps, stepKind } from "/static/app/document/steps.js";
import { KINDS, newStep } from "/static/app/parts/steps/kinds.js";
import { learnFrom, operatorChoices } from "/static/app/vocabulary.js";

learnFrom(JSON.parse(readFileSync(new URL("./made/vocabulary.json", import.meta.url), "utf8")));

test("every operator is chosen, filled in and read again", () => {
  for (const [operator] of operatorChoices()) {
    const form = withOperator({ property: "Amount", equals: "5" }, operator);
    assert.equal(comparisonOf(form).operator, operator);
    assert.ok(isPlainCondition(form), operator);
    assert.equal(Object.keys(form).length, 2);
  }
});

const TYPED = [
  [{ property: "a", greater_than: "" }, "50", { property: "a", greater_than: 50 }],
  [{ property: "a", greater_than: "" }, "2026-06-06", { property: "a", greater_than: "2026-06-06" }],
  [{ property: "a", greater_than: 5 }, "05", { property: "a", greater_than: "05" }],
  [{ property: "a", equals: "" }, "50", { property: "a", equals: "50" }],
  [{ property: "a", equals: 5 }, "50", { property: "a", equals: 50 }],
  [{ profile: "a", operator: "equals", value: "x" }, "y", { profile: "a", equals: "y" }],
];
for (const [form, text, after] of TYPED) {
  test(`${JSON.stringify(form)} with ${text} typed is ${JSON.stringify(after)}`, () =>
    assert.deepEqual(withValue(form, 0, text), after));
}

test("a range keeps both ends, and one more value is another alternative", () => {
  const range = withValue(withValue(withOperator({ property: "a", equals: "" }, "between"), 0, "10"), 1, "20");

  assert.deepEqual(range, { property: "a", between: [10, 20] });
  assert.deepEqual(withOneMore({ property: "a", equals: "x" }), { property: "a", equals: ["x", ""] });
  assert.deepEqual(shownValues({ property: "a", exists: true }), []);
  assert.deepEqual(comparisonOf({ property: "a", exists: false }).operator, "does_not_exist");
  assert.deepEqual(tidyCondition({ property: "a", equals: ["", ""] }), { property: "a", equals: "" });
});

test("a condition that rows cannot show is told apart", () => {
  for (const form of [
    null,
    "x",
    { property: "a", like: 1 },
    { property: "a", equals: { b: 1 } },
    { did: "x", equals: 1 },
    { property: "a", equals: 1, contains: 2 },
    { property: "a", operator: "equals", contains: 2 },
  ]) {
    assert.equal(isPlainCondition(form), false, JSON.stringify(form));
  }
});

const RULES = [
  { all: [{ profile: "Plan", equals: "gold" }, { not: { reachable: "sms" } }] },
  { any: [{ listed: "VIPs" }, { member: "Big spenders" }, { all: [{ profile: "a", exists: true }] }] },
  { profile: "Plan", equals: "gold" },
  { not: { any: [{ profile: "a", equals: 1 }] } },
];
for (const rule of RULES) {
  test(`the rule ${JSON.stringify(rule)} is shown whole and written as it was`, () => {
    assert.ok(isShownWhole(rule));
    assert.deepEqual(ruleOf(groupOf(rule)), rule);
  });
}

test("a rule that no row can show is kept, and said to be so", () => {
  const rule = {
    all: [{ profile: "Plan", equals: "gold" }, { not: { did: "Charged", first_time: true, within: "7 days" } }],
  };

  assert.equal(isShownWhole(rule), false);
  assert.deepEqual(rowOf(rule.all[1]), { isNot: false, inner: rule.all[1], kind: "raw" });
  assert.deepEqual(ruleOf(groupOf(rule)), rule);
});

test("no row is everybody, and a rule that stood alone gets a group with the second", () => {
  assert.equal(ruleOf({ mode: "any", rows: [], isBare: false }), undefined);
  assert.deepEqual(ruleOf({ ...groupOf({ listed: "a" }), rows: [{ listed: "a" }, { listed: "b" }] }), {
    all: [{ listed: "a" }, { listed: "b" }],
  });
});

test("durations and limits are taken apart and put together", () => {
  for (const text of ["30 minutes", "1 day", "-3 days", "2 months", "1 week"])
    assert.equal(spanText(spanOf(text)), text);
  for (const text of ["", "a while", "30", "1.5 days", "3 years"]) assert.equal(spanOf(text), null);
  assert.deepEqual(perOf("1 per 24 hours").count, "1");
  assert.equal(perOf("1 a day"), null);
  assert.equal(spanText({ amount: "", unit: "day" }), "");
});

test("a rule of RFC 5545 that the controls can show is written as it was", () => {
  const rules = [
    "FREQ=WEEKLY;BYDAY=MO,FR",
    "FREQ=DAILY",
    "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1",
    "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24",
  ];

  for (const rule of rules) assert.equal(recurrenceText(recurrenceOf(rule)), rule);
});

test("a rule that says more stays a rule", () => {
  for (const rule of [
    "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=DAILY;COUNT=3",
    "FREQ=HOURLY",
    "",
    "FREQ=DAILY;FREQ=DAILY",
    "FREQ=MONTHLY;BYMONTHDAY=32",
  ])
    assert.equal(recurrenceOf(rule), null, rule);
});

test("every kind of start begins as one that a form shows", () => {
  for (const [kind] of START_KINDS) {
    assert.equal(startKind(blankStart(kind)), kind);
    assert.ok(isShownStart(blankStart(kind)));
  }
  assert.equal(isShownStart({ event: "a", hour: 9 }), false);
  assert.equal(isShownStart({ event: "a", where: "x" }), false);
});

test("a schedule goes from mode to mode and keeps its moments and its zone", () => {
  const once = { at: "2026-06-06T09:00", zone: "person" };

  assert.equal(scheduleMode(once), "once");
  assert.deepEqual(scheduleIn("several", once), { at: ["2026-06-06T09:00"], zone: "person" });
  assert.equal(scheduleMode(scheduleIn("recurring", once)), "recurring");
  assert.deepEqual(scheduleIn("now", once), { at: "now" });
  assert.deepEqual(scheduleIn("once", { at: "now" }), { at: "" });
});

test("every kind of step begins as one that a form shows", () => {
  for (const kind of KINDS) {
    const step = newStep(kind, new Set());
    assert.ok(isShownStep(step), kind.key);
    assert.ok(stepKind(step), kind.key);
  }
});

test("steps within steps are found, with the paths that the API names", () => {
  const steps = [
    { id: "w", wait: { for: "1 day", or: [{ event: "E" }, { event: "F", steps: [{ id: "t", send: {} }] }] } },
    { id: "r", repeat: { times: 2, every: "1 day", steps: [{ id: "c", choose: [{ else: true, steps: [] }] }] } },
  ];

  assert.deepEqual(
    placedSteps(steps).map(([path]) => path),
    ["steps.0", "steps.0.wait.or.1.steps.0", "steps.1", "steps.1.repeat.steps.0"],
  );
  assert.ok(areShownSteps(steps));
});

test("a step that forms cannot show is told apart", () => {
  for (const step of [
    { id: "a" },
    { id: "a", send: { text: 1 } },
    { id: "a", send: {}, wait: { for: "1 day" } },
    { id: "a", wait: {} },
    { id: "a", wait: { for: "1 day", until: "09:00" } },
    { id: "a", jump: "b" },
    { id: "a", split: [{ steps: [] }] },
    { id: "a", set: { Plan: { times: 2 } } },
    null,
  ]) {
    assert.equal(isShownStep(step), false, JSON.stringify(step));
  }
});
