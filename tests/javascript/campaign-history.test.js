import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldName, historyOf, valueText } from "/static/app/campaign-history.js";

const line = (what, version, catalogVersion) => ({
  what,
  version,
  catalog_version: catalogVersion,
  at: "2026-03-01T09:00:00Z",
  by: "ann@example.com",
});
const VERSIONS = [
  { number: 2, changed: ["content.text"] },
  { number: 1, changed: [] },
];

test("each line says what happened, and a version's changes stand where it was first published", () => {
  const log = [line("published", 2, 9), line("stopped", 2, 8), line("published", 2, 5), line("published", 1, 3)];

  const lines = historyOf(log, VERSIONS);

  assert.deepEqual(
    lines.map(({ what, changed }) => [what, changed.length]),
    [
      ["Version 2 published again", 0],
      ["Version 2 stopped", 0],
      ["Version 2 published, while it ran", 1],
      ["Version 1 published", 0],
    ],
  );
});

test("what stopped before histories were kept has no number", () => {
  assert.equal(historyOf([line("stopped", null, 0)], [])[0].what, "Stopped");
});

test("fields and values stand in words", () => {
  assert.equal(fieldName("content.text"), "Text");
  assert.equal(fieldName("event_conditions"), "Event conditions");
  assert.equal(valueText([{ property: "Amount", operator: "greater_than", value: 10 }]), "Amount is more than “10”");
  assert.equal(valueText([{ property: "Plan", operator: "exists", value: null }]), "Plan is set");
  assert.equal(valueText([]), "nothing");
  assert.equal(valueText(null), "nothing");
  assert.equal(valueText(false), "no");
});
