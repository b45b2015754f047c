import assert from "node:assert/strict";
import { test } from "node:test";
import {
  blank,
  contentOf,
  draftOf,
  insertion,
  mentioned,
  payloadOf,
  summary,
  valuesOf,
} from "/static/app/campaign-draft.js";

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
  const { policy } = payloadOf({ ...blank(), policy: { when_unresolved: "repeat", attempts: "0", hours: "0" } });

  assert.deepEqual(policy, { when_unresolved: "repeat", attempts: 1, give_up_after_s: 60 });
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
