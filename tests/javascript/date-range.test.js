import assert from "node:assert/strict";
import { test } from "node:test";
import { daysOf, daysRange, rangeOf, whyNot } from "/static/shared/ui/range/dates.js";

const NOW = new Date("2026-11-28T13:30:00Z"); // tests run in UTC
const iso = ({ from, to }) => `${from.toISOString().slice(0, 16)} ${to.toISOString().slice(0, 16)}`;

for (const [text, span] of [
  ["24h", "2026-11-27T13:30 2026-11-28T13:30"],
  ["7d", "2026-11-21T13:30 2026-11-28T13:30"],
  ["90d", "2026-08-30T13:30 2026-11-28T13:30"],
  ["2026-11-01..2026-11-07", "2026-11-01T00:00 2026-11-08T00:00"],
  ["2026-11-07..2026-11-07", "2026-11-07T00:00 2026-11-08T00:00"],
  ["2026-12-31..2026-12-31", "2026-12-31T00:00 2027-01-01T00:00"],
]) {
  test(`${text} is ${span}`, () => {
    assert.equal(iso(rangeOf(text, "", NOW)), span);
    assert.equal(rangeOf(text, "", NOW).text, text);
  });
}

for (const text of ["", undefined, "7w", "2026-11-07..2026-11-01", "2026-13-01..2026-13-02", "x..y"]) {
  test(`${JSON.stringify(text)} is read as the usual seven days`, () => {
    const range = rangeOf(text, "", NOW);
    assert.equal(range.text, "7d");
    assert.equal(iso(range), iso(rangeOf("7d", "", NOW)));
  });
}

for (const [compare, span] of [
  ["before", "2026-10-25T00:00 2026-11-01T00:00"],
  ["week", "2026-10-25T00:00 2026-11-01T00:00"],
  ["year", "2025-11-01T00:00 2025-11-08T00:00"],
]) {
  test(`seven days of November are compared with "${compare}": ${span}`, () => {
    assert.equal(iso(rangeOf("2026-11-01..2026-11-07", compare, NOW).before), span);
  });
}

test("the time before ends where the range begins, and is as long", () => {
  const range = rangeOf("24h", "before", NOW);
  assert.equal(iso(range.before), "2026-11-26T13:30 2026-11-27T13:30");
});

test("an unknown comparison is none", () => {
  const range = rangeOf("7d", "never", NOW);
  assert.deepEqual([range.compare, range.before], ["", null]);
});

test("days survive the form that they are chosen in", () => {
  const { first, last } = daysOf(rangeOf("2026-11-01..2026-11-07", "", NOW));
  assert.equal(daysRange(first, last), "2026-11-01..2026-11-07");
});

test("days that are no range say why", () => {
  assert.equal(whyNot("2026-11-01", "2026-11-01"), "");
  assert.match(whyNot("2026-11-02", "2026-11-01"), /before/);
  assert.match(whyNot("", "2026-11-01"), /first/);
  assert.match(whyNot("2026-11-01", ""), /last/);
});
