import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fieldName, historyOf, pastOf, valueText } from "/static/app/campaign-history.js";
import { learnFrom } from "/static/app/vocabulary.js";

learnFrom(JSON.parse(readFileSync(new URL("./made/vocabulary.json", import.meta.url), "utf8")));

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
  assert.equal(fieldName("start.where[0].greater_than"), "Where 1 greater than");
  assert.equal(fieldName("steps.remind.send.text"), "“remind”, text");
  assert.equal(fieldName("steps.pause.wait.for"), "“pause”, wait for");
  assert.equal(valueText([{ property: "Amount", operator: "greater_than", value: 10 }]), "Amount is more than “10”");
  assert.equal(valueText([{ property: "Plan", operator: "exists", value: null }]), "Plan is set");
  assert.equal(valueText([]), "nothing");
  assert.equal(valueText(null), "nothing");
  assert.equal(valueText(false), "no");
});

test("the audit log has the words of versions where there is one, and older turns stay", () => {
  const change = (what, catalogVersion) => ({ ...line(what, undefined, catalogVersion), fields: [], left_out: 0 });
  const log = [line("published", 2, 9), line("published", 1, 3)];

  const past = pastOf([change("published", 9), change("changed", 7)], log, VERSIONS);

  assert.deepEqual(
    past.map(({ key, what, line: one }) => [key, what, Boolean(one)]),
    [
      [9, "Version 2 published, while it ran", true],
      [7, "Changed", true],
      [3, "Version 1 published", false],
    ],
  );
});
