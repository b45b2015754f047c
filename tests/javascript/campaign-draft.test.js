import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { blank, contentOf, draftOf, insertion, mentioned, payloadOf, summary } from "/static/app/campaign-draft.js";
import { boundsOf, campaignFields, changedAt, learnFrom, operatorChoices, valuesOf } from "/static/app/vocabulary.js";

const VOCABULARY = JSON.parse(readFileSync(new URL("./made/vocabulary.json", import.meta.url), "utf8"));
learnFrom(VOCABULARY);

const condition = (operator, values) => ({ property: " Item ", operator, values });
const saved = (operator, values) =>
  payloadOf({ ...blank(), event_conditions: [condition(operator, values)] }).event_conditions[0];

const CONDITIONS = [
  ["equals", ["kite"], "kite"],
  ["equals", ["kite", "", "ball"], ["kite", "ball"]],
  ["equals", [""], ""],
  ["greater_than", ["5", "9"], "5"],
  ["between", ["1"], ["1", ""]],
  ["between", ["1", "9"], ["1", "9"]],
];
for (const [operator, values, value] of CONDITIONS) {
  test(`a condition ${operator} with ${JSON.stringify(values)} is saved with ${JSON.stringify(value)}`, () => {
    assert.deepEqual(saved(operator, values), { property: "Item", operator, value });
  });
}

test("a condition that needs no value is saved without one", () => {
  assert.equal(valuesOf("exists"), 0);
  assert.deepEqual(saved("exists", ["left from before"]), { property: "Item", operator: "exists" });
});

test("what the API answers, and a form made of it saves, is the same", () => {
  const campaign = payloadOf({
    ...blank(),
    name: "Thanks",
    event: "Order Placed",
    starts: "2026-03-05T17:04",
    event_conditions: [condition("between", ["1", "9"]), condition("equals", ["kite"])],
  });

  assert.deepEqual(payloadOf(draftOf(campaign)), campaign);
});

test("a policy is at least one attempt and one minute", () => {
  const policy = { ...blank().policy, when_unresolved: "repeat", attempts: "0", hours: "0" };

  assert.deepEqual(payloadOf({ ...blank(), policy }).policy, {
    when_unresolved: "repeat",
    attempts: 1,
    give_up_after_s: 60,
  });
});

test("a blank campaign is saved with every field and default that the server declares", () => {
  const saved = payloadOf(blank());
  const at = (path) => path.split(".").reduce((tree, name) => tree[name], saved);

  for (const { path, default: value = null } of campaignFields()) assert.deepEqual(at(path), value, path);
});

test("a field that no form draws is saved as it was", () => {
  learnFrom({
    ...VOCABULARY,
    campaign: [...VOCABULARY.campaign, { path: "priority", kind: "text", default: "normal" }],
  });
  try {
    assert.equal(payloadOf(blank()).priority, "normal");
    assert.equal(payloadOf(draftOf({ name: "a", priority: "high" })).priority, "high");
  } finally {
    learnFrom(VOCABULARY);
  }
});

test("a campaign that has no flat form is no draft of other words", () => {
  const draft = draftOf({ name: "a", event: null, event_conditions: null, content: null, policy: null });

  assert.deepEqual([draft.event, draft.event_conditions, draft.content.text], ["", [], ""]);
});

test("controls have the bounds of their field", () => {
  assert.deepEqual(boundsOf("policy.attempts"), { min: 1, max: 100, maxlength: undefined });
  assert.equal(boundsOf("content.text").maxlength, 4096);
  assert.deepEqual(boundsOf("no.such"), { min: undefined, max: undefined, maxlength: undefined });
});

test("operators are shown in words, and take as many values as the server says", () => {
  assert.deepEqual(operatorChoices()[0], ["equals", "is"]);
  assert.deepEqual(["equals", "between", "less_than", "exists"].map(valuesOf), [Number.POSITIVE_INFINITY, 2, 1, 0]);
});

test("a value deep in a draft is changed without touching the draft", () => {
  const draft = { a: { b: 1, c: 2 }, d: 3 };

  assert.deepEqual(changedAt(draft, "a.b", 9), { a: { b: 9, c: 2 }, d: 3 });
  assert.deepEqual(draft, { a: { b: 1, c: 2 }, d: 3 });
});

test("nameless parameters and empty template variables are not content", () => {
  const content = {
    ...blank().content,
    extra: [
      ["a", "1"],
      [" ", "2"],
    ],
    template_variables: ["x", ""],
  };

  assert.deepEqual(contentOf({ content }).extra, { a: "1" });
  assert.deepEqual(contentOf({ content }).template_variables, ["x"]);
});

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

test("publishing is told in sentences that name the conditions", () => {
  const draft = { ...blank(), event: "Order Placed", event_conditions: [condition("equals", ["kite", "ball"])] };
  const [first, people] = summary(draft, "Acme");

  assert.equal(
    first,
    "When somebody does “Order Placed” and Item is “kite” or “ball”, they get this message, " +
      "once for each such event.",
  );
  assert.equal(people, "Everybody with a phone number.");
});
