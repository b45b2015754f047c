import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  blockOf,
  blockWords,
  missing,
  passing,
  placeIn,
  publishingLines,
  withPass,
} from "/static/app/document/blocks.js";
import {
  blankDocument,
  documentIn,
  documentOf,
  fileOf,
  payloadOf,
  withNicknames,
} from "/static/app/document/document.js";
import { begun, changed, redone, undone } from "/static/app/document/history.js";
import { difference, inserted, moved, put, valueAt } from "/static/app/document/tree.js";
import { blankCampaign, learnFrom } from "/static/app/vocabulary.js";

learnFrom(JSON.parse(readFileSync(new URL("./made/vocabulary.json", import.meta.url), "utf8")));

const CART = {
  name: "Cart reminder",
  start: { event: "Added To Cart", where: [{ property: "Amount", greater_than: 50 }] },
  key: "Event.cart_id",
  again: "restart",
  who: { all: [{ profile: "Plan", equals: "gold" }] },
  stop: { event: "Charged", same: "cart_id" },
  goal: { event: "Charged", within: "3 days", revenue: "Amount" },
  holdout: 5,
  limits: { per_person: ["1 per 2 days"] },
  quiet: [{ from: "22:00", to: "08:00", zone: "person" }],
  steps: [
    { id: "pause", wait: { for: "30 minutes" } },
    {
      id: "which",
      split: [
        { share: 50, steps: [{ id: "a", send: { text: "A" } }] },
        { share: 50, steps: [] },
      ],
    },
    { id: "last", send: { text: "B", through: "p1" } },
  ],
};
const answered = (document) => ({
  ...blankCampaign(),
  key: "",
  again: "ignore",
  who: null,
  stop: null,
  goal: null,
  holdout: 0,
  limits: { per_person: [] },
  quiet: [],
  priority: "normal",
  labels: [],
  ...document,
  event: null,
  content: null,
  state: "draft",
  id: 7,
  funnel: {},
});

test("a document that the API answers again is the same", () => {
  const { labels: _none, ...rest } = documentOf(answered(CART));

  assert.deepEqual(rest, CART);
});

test("what is as it is by default is left out, and a blank campaign stays blank", () => {
  assert.deepEqual(documentOf(answered(blankDocument())), blankDocument());
});

test("a field that only the vocabulary knows stays in the document", () => {
  const words = JSON.parse(readFileSync(new URL("./made/vocabulary.json", import.meta.url), "utf8"));
  learnFrom({ ...words, campaign: [...words.campaign, { path: "weight", kind: "integer", default: 5 }] });

  assert.equal(documentOf(answered({ ...CART, weight: 7 })).weight, 7);
  learnFrom(words);
});

test("what no form knows is kept by every change beside it", () => {
  const strange = {
    ...CART,
    limits: { ...CART.limits, spend: "200 EUR per day" },
    who: { did: "Charged", first_time: true },
  };

  assert.deepEqual(payloadOf(put(strange, "limits.gap", "1 day")).limits.spend, "200 EUR per day");
  assert.deepEqual(payloadOf(strange).who, { did: "Charged", first_time: true });
  assert.equal(blockWords("who", strange), "Edited as YAML.");
  assert.equal(blockWords("guard", strange), "Edited as YAML.");
});

test("a name is saved without spaces, alternatives and variables without the empty ones", () => {
  const where = [
    { property: "a", equals: ["x", ""] },
    { property: "b", between: [1, ""] },
  ];
  const steps = [{ id: "a", send: { text: "A", template_variables: ["x", ""] } }];
  const saved = payloadOf({ ...CART, name: " Cart ", start: { event: "A", where }, steps });

  assert.equal(saved.name, "Cart");
  assert.deepEqual(saved.start.where, [{ property: "a", equals: "x" }, where[1]]);
  assert.deepEqual(saved.steps[0].send.template_variables, ["x"]);
});

test("a file names providers, and is read back", () => {
  const providers = [
    { id: "p1", nickname: "acme" },
    { id: "p2", nickname: "old", archived_at: "2026-01-01T00:00:00Z" },
  ];
  const file = fileOf(withNicknames(CART, providers));

  assert.equal(file.campaigns[0].steps[2].send.through, "acme");
  assert.deepEqual(documentIn(file), file.campaigns[0]);
  assert.deepEqual(documentIn({ tellwire: 1, campaigns: [{ ...CART, state: "running" }] }), CART);
  assert.equal(documentIn({ campaigns: [CART, CART] }), null);
  assert.equal(documentIn([1]), null);
});

test("a campaign that is written flat is read with start and steps", () => {
  const flat = {
    name: "Thanks",
    event: "Paid",
    event_conditions: [{ property: "a", equals: 1 }],
    profile_conditions: [{ property: "Plan", equals: "gold" }],
    respects_consent: false,
    provider: "acme",
    content: { text: "Hi" },
  };

  assert.deepEqual(documentIn({ campaigns: [flat] }), {
    name: "Thanks",
    start: { event: "Paid", where: flat.event_conditions },
    who: { all: [{ profile: "Plan", equals: "gold" }] },
    steps: [{ id: "send", send: { text: "Hi", through: "acme", passes: ["consent"] } }],
  });
});

test("a value is put at a path, and taken away by undefined", () => {
  assert.equal(valueAt(put(CART, "steps.1.split.0.steps.0.send.text", "Z"), "steps.1.split.0.steps.0.send.text"), "Z");
  assert.equal("key" in put(CART, "key", undefined), false);
  assert.deepEqual(put([1, 2, 3], "1", undefined), [1, 3]);
  assert.deepEqual(put({}, "goal.event", "x"), { goal: { event: "x" } });
  assert.deepEqual(
    [moved([1, 2, 3], 0, 2), moved([1, 2], 0, 5), inserted([1, 3], 1, 2)],
    [
      [2, 3, 1],
      [1, 2],
      [1, 2, 3],
    ],
  );
});

test("the place of a change is found, and of several changes what holds them all", () => {
  assert.equal(difference(CART, put(CART, "stop.event", "x")), "stop.event");
  assert.equal(difference(CART, { ...CART, key: "x", holdout: 1 }), "");
});

test("undo takes back what was typed in one go, redo does it again, and a new change forgets what was undone", () => {
  let history = begun({ name: "", key: "" });
  for (const [at, name] of ["C", "Ca", "Cart"].entries()) history = changed(history, { name, key: "" }, 100 * at);
  history = changed(history, { name: "Cart", key: "k" }, 400);
  history = undone(history);
  assert.deepEqual(history.now, { name: "Cart", key: "" });
  history = undone(history);
  assert.deepEqual(history.now, { name: "", key: "" });
  assert.deepEqual(undone(history), history);
  assert.deepEqual(redone(history).now, { name: "Cart", key: "" });
  assert.deepEqual(changed(redone(history), { name: "X", key: "" }, 9000).future, []);
});

test("a pause between two changes of one place makes two of them", () => {
  const history = changed(changed(begun({ name: "" }), { name: "a" }, 0), { name: "ab" }, 5000);

  assert.deepEqual(undone(history).now, { name: "a" });
});

const SENTENCES = [
  ["who", "Only if Plan is “gold”."],
  [
    "when",
    "Starts when “Added To Cart” happens, where Amount is more than 50. A person can be inside once for each " +
      "Event.cart_id. A person who enters again begins anew. Leaves when “Charged” with the same cart_id happens.",
  ],
  ["what", "4 steps: Wait 30 minutes → Split the people by chance → Send “B” through p1"],
  [
    "guard",
    "People who opted out get nothing. The goal is “Charged” within 3 days, worth Amount. 5 % of the people get " +
      "nothing, to compare with. At most 1 message per 2 days to one person. Quiet from 22:00 to 08:00, " +
      "by each person's clock: messages wait.",
  ],
];
for (const [block, words] of SENTENCES) {
  test(`the block ${block} says what is in it`, () => assert.equal(blockWords(block, CART), words));
}

test("a blank campaign says what it lacks, and a whole one nothing", () => {
  assert.deepEqual(missing(blankDocument()), ["a name", "the event", "the message"]);
  assert.deepEqual(missing(CART), []);
  assert.deepEqual(missing({ ...CART, steps: [{ id: "x", send: { text: " " } }, CART.steps[0]] }), ["the text of “x”"]);
  assert.deepEqual(missing({ name: "x", start: { at: "now" }, steps: [] }), ["a step"]);
});

test("publishing says who enters, what is sent and what guards it", () => {
  const lines = publishingLines({ ...blankDocument(), start: { event: "Paid" } }, { nickname: "acme" });

  assert.equal(lines[0], "Starts when “Paid” happens.");
  assert.ok(lines.includes("Send “” through acme."));
  assert.ok(lines.includes("It runs until you stop it."));
});

test("half a moment breaks no sentence", () => {
  for (const from of ["2026-13-45", "soon", "2026-99-99T00:00Z"]) {
    assert.ok(blockWords("when", { ...CART, from }).includes("Not before"));
    assert.ok(blockWords("when", { ...CART, start: { at: from } }));
    assert.ok(blockWords("when", { ...CART, start: { rule: "FREQ=DAILY", at: "09:00", from } }));
  }
});

test("gates are passed by message and counted over all", () => {
  const open = put(CART, "steps.2.send", withPass({ text: "B" }, "consent", true));

  assert.deepEqual(passing(open, "consent"), { all: 2, pass: 1 });
  assert.deepEqual(withPass({ text: "B", necessary: true }, "caps", false), {
    text: "B",
    passes: ["consent", "quiet"],
  });
  assert.deepEqual(withPass({ text: "B", passes: ["quiet"] }, "quiet", false), { text: "B" });
});

test("a path is said by the step that it is in", () => {
  const place = (path) => `<${path}>`;

  assert.equal(placeIn(CART, "steps.1.split.0.steps.0.send.text", place), "Step “a”: <text>");
  assert.equal(placeIn(CART, "steps.1.split", place), "Step “which”");
  assert.equal(placeIn(blankDocument(), "steps.0.send.text", place), "<content.text>");
  assert.deepEqual(["name", "stop.event", "who.all.0", "steps.1", "quiet.0.from"].map(blockOf), [
    "",
    "when",
    "who",
    "what",
    "guard",
  ]);
});
