import assert from "node:assert/strict";
import { test } from "node:test";
import { inPieces, outcome, undoOf } from "/static/app/bulk.js";
import {
  fieldsOf,
  found,
  labelKey,
  labelsOf,
  queryOfText,
  queryText,
  rowsOf,
  tabOf,
  VIEWS,
  viewOf,
} from "/static/app/campaign-rows.js";

const campaign = (id, changes = {}) => ({
  id,
  name: `Campaign ${id}`,
  standing: "running",
  facts: [],
  start: { event: "Cart Left" },
  who: "",
  labels: [],
  is_journey: false,
  ...changes,
});
const ids = (rows) => rows.map(({ id }) => id);

test("what needs somebody stands first, and the newest of those that stand alike", () => {
  const rows = rowsOf([
    campaign(1, { standing: "archived" }),
    campaign(2),
    campaign(3),
    campaign(4, { standing: "failing" }),
    campaign(5, { standing: "draft" }),
  ]);

  assert.deepEqual(ids(rows), [4, 3, 2, 5, 1]);
});

test("a row says in short what starts it, and of what kind that is", () => {
  const starts = [
    { event: "Cart Left" },
    { date: "Profile.DOB", at: "09:00", yearly: true },
    { rule: "FREQ=WEEKLY;BYDAY=FR", at: "09:00" },
    { joins: "Gold" },
    { call: "otp" },
  ];
  const rows = rowsOf(starts.map((start, at) => campaign(at, { start }))).reverse();

  assert.deepEqual(
    rows.map(({ when, kind }) => [when, kind]),
    [
      ["Cart Left", "event"],
      ["Profile.DOB at 09:00, every year", "date"],
      ["Every Friday at 09:00", "schedule"],
      ["When somebody joins “Gold”", "audience"],
      ["By the call “otp”", "call"],
    ],
  );
});

const rows = rowsOf([
  campaign(1, { labels: ["cart", "sg, my"], facts: [{ code: "over" }] }),
  campaign(2, { standing: "paused", labels: ["cart"], who: "Gold members" }),
  campaign(3, { standing: "archived", is_journey: true }),
  campaign(4, { is_journey: true, facts: [{ code: "idle" }] }),
]);
const fields = fieldsOf(labelsOf(rows));

test("each view holds its own rows, and only one holds what is archived", () => {
  const held = VIEWS.map(({ key, holds }) => [key, ids(rows.filter(holds))]);

  assert.deepEqual(Object.fromEntries(held), {
    all: [4, 1, 2],
    attention: [4],
    journeys: [4],
    archived: [3],
  });
  assert.equal(viewOf({ view: "nonsense" }).key, "all");
});

test("words and filters narrow a view, and one label of several is enough", () => {
  const all = viewOf({});
  const terms = [{ key: "label", values: [labelKey("sg, my"), "other"] }];

  assert.deepEqual(ids(found(rows, all, [], fields, " gold MEMBERS ")), [2]);
  assert.deepEqual(ids(found(rows, all, terms, fields, "")), [1]);
  assert.deepEqual(ids(found(rows, all, [{ key: "state", values: ["paused"] }], fields, "")), [2]);
  assert.deepEqual(labelsOf(rows), ["cart", "sg, my"]);
});

test("a saved view is found again in the address, however its parts stand there", () => {
  const saved = [{ id: 7, query: "state=running&q=cart" }];

  assert.equal(tabOf({ q: "cart", state: "running", span: "24h" }, saved), "own:7");
  assert.equal(tabOf({ q: "cart", view: "attention" }, saved), "attention");
  assert.equal(tabOf({}, [{ id: 8, query: "" }]), "all");
  assert.deepEqual(queryOfText(queryText({ view: "all", label: "a,b", sort: "-sent" })), {
    label: "a,b",
    sort: "-sent",
  });
});

test("many are asked for in pieces, in their order", async () => {
  const asked = [];
  const send = (piece) => {
    asked.push(piece.length);
    return Promise.resolve({ results: piece.map((id) => ({ id, outcome: "done" })) });
  };
  const given = Array.from({ length: 120 }, (_, at) => at);

  assert.deepEqual(ids(await inPieces(given, send)), given);
  assert.deepEqual(asked, [50, 50, 20]);
});

test("what happened is one sentence, with the reason why not", () => {
  const done = { id: 1, outcome: "done", message: "" };
  const refused = { id: 2, outcome: "refused", message: "It runs." };

  assert.equal(outcome("archive", [done]), "1 campaign archived.");
  assert.equal(outcome("archive", [done, refused]), "1 campaign archived. 1 campaign not: It runs.");
  assert.equal(outcome("pause", [{ id: 3, outcome: "unchanged" }]), "Nothing to change: they are so already.");
  assert.equal(
    outcome("pause", [refused, { ...refused, message: "Gone." }]),
    "2 campaigns not: It runs. And 1 other reason.",
  );
});

test("only what was done is taken back", () => {
  const results = [
    { id: 1, outcome: "done", copy_id: 9 },
    { id: 2, outcome: "unchanged" },
    { id: 3, outcome: "refused" },
  ];

  assert.deepEqual(undoOf({ do: "pause" }, results), { ids: [1], change: { do: "resume" } });
  assert.deepEqual(undoOf({ do: "archive" }, results), { ids: [1], change: { do: "restore" } });
  assert.deepEqual(undoOf({ do: "clone" }, results), { ids: [9], change: { do: "delete" } });
  assert.deepEqual(undoOf({ do: "label", add: ["a"] }, results), {
    ids: [1],
    change: { do: "label", add: [], remove: ["a"] },
  });
  assert.equal(undoOf({ do: "delete" }, results), null);
  assert.equal(undoOf({ do: "pause" }, results.slice(1)), null);
});
