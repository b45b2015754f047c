import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  entryLines,
  guardLines,
  hasWinner,
  isScheduled,
  peopleByStep,
  ruleWords,
  startInShort,
  startWords,
  stepIds,
  stepWords,
} from "/static/app/journey-words.js";
import { learnFrom } from "/static/app/vocabulary.js";

learnFrom(JSON.parse(readFileSync(new URL("./made/vocabulary.json", import.meta.url), "utf8")));

const STARTS = [
  [{ event: "Added To Cart" }, "Starts when “Added To Cart” happens"],
  [
    { event: "Paid", where: [{ property: "Amount", between: [1, 9] }] },
    "Starts when “Paid” happens, where Amount is between 1 and 9",
  ],
  [
    { date: "Profile.DOB", shift: "-3 days", at: "09:00", yearly: true },
    "Starts on the date in Profile.DOB, 3 days before at 09:00, every year",
  ],
  [
    { date: "Event.Departure", event: "Flight Booked", shift: "2 hours" },
    "Starts on the date in Event.Departure, 2 hours after, of “Flight Booked”",
  ],
  [
    { rule: "FREQ=WEEKLY;BYDAY=MO,FR", at: "09:00", zone: "person" },
    "Runs every Monday and Friday at 09:00, by each person's clock",
  ],
  [{ rule: "FREQ=DAILY;INTERVAL=2", at: "09:00" }, "Runs every 2 days at 09:00"],
  [{ rule: "FREQ=MONTHLY;BYMONTHDAY=1", at: "09:00" }, "Runs every month on day 1 at 09:00"],
  [{ rule: "FREQ=MONTHLY;BYDAY=1FR", at: "09:00" }, "Runs by the rule FREQ=MONTHLY;BYDAY=1FR at 09:00"],
  [{ at: "now" }, "Runs once, when it is published"],
  [{ at: ["2026-06-06T09:00", "2026-06-13T09:00"] }, "Runs at 2026-06-06 09:00 and 2026-06-13 09:00"],
  [{ joins: "Gold", present: true }, "Starts when somebody joins “Gold”, and for all who are members already"],
  [{ call: "order-shipped" }, "Starts by the call “order-shipped”"],
];

for (const [start, words] of STARTS) {
  test(`a start in words: ${words}`, () => assert.equal(startWords(start), words));
}

test("a list shows the event, or what starts a campaign instead", () => {
  assert.equal(startInShort({ event: "Paid" }), "Paid");
  assert.equal(startInShort({ event: "" }), "No event yet");
  assert.equal(startInShort({ joins: "Gold" }), "When somebody joins “Gold”");
});

test("a date at a time of the day is no schedule", () => {
  assert.ok(!isScheduled({ date: "Profile.DOB", at: "09:00" }));
  assert.ok(isScheduled({ at: "now" }));
});

test("rules inside each other have their brackets", () => {
  const rule = {
    all: [{ any: [{ reachable: "sms" }, { member: "Gold" }] }, { not: { profile: "City", exists: true } }],
  };

  assert.equal(ruleWords(rule), "(they can be reached by SMS or they belong to “Gold”) and not: City is set");
});

const DEEDS = [
  [{ did: "Charged" }, "they did “Charged”"],
  [
    { did: "Charged", where: [{ property: "Amount", greater_than: 10 }], at_least: 2, within: "30 days" },
    "they did “Charged” at least 2 times within 30 days where Amount is more than 10",
  ],
  [{ not: { did: "Charged", since: "entering" } }, "not: they did “Charged” since entering"],
  [
    { did: "Charged", exactly: 0, between: ["2026-01-01", "2026-01-31"] },
    "they did “Charged” exactly 0 times from 2026-01-01 until 2026-01-31",
  ],
  [
    { did: "Charged", sum: { property: "Amount", at_least: 100, less_than: 200 }, from: "today - 7 days" },
    "they did “Charged” with the sum of Amount at least 100 and less than 200 from today - 7 days",
  ],
  [
    { did: "Charged", last: { property: "Category", equals: "hats" } },
    "they did “Charged” the last with Category is “hats”",
  ],
  [{ did: "Charged", first_time: true, within: "1 day" }, "they did “Charged” for the first time within 1 day"],
];

for (const [rule, words] of DEEDS)
  test(`behaviour is told in words: ${words}`, () => assert.equal(ruleWords(rule), words));

const text = (step) => stepWords({ id: "one", ...step }).text;

test("each step says what it does", () => {
  assert.equal(
    text({ wait: { for: "30 minutes", or: [{ event: "Charged", same: "cart" }] } }),
    "Wait 30 minutes, or until “Charged” with the same cart",
  );
  assert.equal(text({ wait: { until: { weekday: "monday", at: "09:00" } } }), "Wait until Monday at 09:00");
  assert.equal(
    text({ wait: { until: { date: "Event.Due", shift: "-1 day" } } }),
    "Wait until the date in Event.Due, 1 day before",
  );
  assert.equal(text({ send: { text: "Hello\nAnn", through: "backup" } }), "Send “Hello Ann” through backup");
  assert.equal(
    text({ send: { text: "Code", necessary: true } }),
    "Send “Code”, in spite of opt-out, limits and quiet hours",
  );
  assert.equal(text({ repeat: { times: 3, every: "2 days", steps: [] } }), "Repeat 3 times, every 2 days");
  assert.equal(
    text({ set: { Plan: "gold", Visits: { increment: 1 }, Tags: { add: "x" }, Old: null } }),
    "Set Plan to “gold”, add 1 to Visits, add “x” to Tags, take away Old",
  );
  assert.equal(text({ call: { url: "https://example.com/hook" } }), "Call https://example.com/hook");
  assert.equal(text({ stop: "no plan" }), "Stop: no plan");
  assert.equal(text({ dance: {} }), "A step that this page does not know");
});

test("a wait says what each event leads to", () => {
  const or = [{ event: "A", steps: [{ id: "x", stop: "" }] }, { event: "B", steps: [] }, { event: "C" }];

  const { branches } = stepWords({ id: "w", wait: { for: "1 day", or } });

  assert.deepEqual(
    branches.map((one) => one.label),
    ["If “A” comes", "If “B” comes: go on at once", "If “C” comes: they leave"],
  );
});

test("people at a step are those of all versions, and steps in branches are known", () => {
  const people = peopleByStep([
    { version: 1, step: "a", people: 2 },
    { version: 2, step: "a", people: 3 },
  ]);
  assert.equal(people.get("a"), 5);

  const inner = [{ id: "b", send: { text: "" } }];
  assert.deepEqual(
    stepIds([
      { id: "a", split: [{ share: 100, steps: inner }] },
      { id: "c", stop: "" },
    ]),
    ["a", "b", "c"],
  );
});

test("a share that waits for the winner says by what and when", () => {
  const winner = { by: "replies", after: "4 hours" };
  const split = [
    { share: 10, steps: [] },
    { share: 10, steps: [] },
    { share: 80, winner },
  ];

  assert.deepEqual(stepWords({ id: "test", split }).branches, [
    { label: "10 %", steps: [] },
    { label: "10 %", steps: [] },
    { label: "80 %: the branch that wins by replies, after 4 hours", steps: [] },
  ]);
  assert.equal(hasWinner([{ id: "a", split: [{ share: 100, steps: [{ id: "test", split }] }] }]), true);
  assert.equal(hasWinner([{ id: "a", split: [{ share: 100, steps: [] }] }]), false);
});

test("guards are said where there are any", () => {
  assert.deepEqual(guardLines({ key: "", again: "ignore", holdout: 0, limits: {}, quiet: [], priority: "normal" }), []);
  const guarded = {
    key: "Event.cart",
    again: "restart",
    stop: { event: "Paid" },
    holdout: 10,
    priority: "high",
    labels: ["a", "b"],
    goal: { event: "Paid", within: "3 days" },
    limits: { per_person: ["1 per 24 hours"], ever: 1, gap: "2 hours", throttle: "100 per 1 minute" },
    quiet: [{ from: "22:00", to: "08:00", zone: "person", days: ["sunday"] }],
  };

  assert.deepEqual(guardLines(guarded), [
    "A person can be inside once for each Event.cart.",
    "A person who enters again begins anew.",
    "Leaves when “Paid” happens.",
    "The goal is “Paid” within 3 days.",
    "10 % of the people get nothing, to compare with.",
    "At most 1 message per 24 hours to one person.",
    "A person enters at most once.",
    "At least 2 hours between two messages to one person.",
    "At most 100 messages per 1 minute to everybody together.",
    "Quiet from 22:00 to 08:00 on Sunday, by each person's clock: messages wait.",
    "Its messages go before others.",
    "Labels: a, b.",
  ]);
});

test("who enters is said in sentences", () => {
  const who = { profile: "Plan", operator: "equals", value: "gold" };

  assert.deepEqual(entryLines({ start: { event: "Paid" }, who }), [
    "Starts when “Paid” happens.",
    "Only if Plan is “gold”.",
  ]);
});
