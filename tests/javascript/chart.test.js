import assert from "node:assert/strict";
import { test } from "node:test";
import { ceiling, filled } from "/static/portal/chart.js";

const NOW = Date.parse("2026-03-05T17:04:09Z");

test("a day has 24 hours up to this one, each with its sum; hours that nothing is known of are empty", () => {
  const hours = filled([{ at: "2026-03-05T17:00:00Z", delivered: 2, failed: 1 }], NOW);

  assert.equal(hours.length, 24);
  assert.equal(new Date(hours[0].start).toISOString(), "2026-03-04T18:00:00.000Z");
  assert.equal(new Date(hours[23].start).toISOString(), "2026-03-05T17:00:00.000Z");
  assert.equal(hours[23].all, 3);
  assert.deepEqual(
    hours.slice(0, 23).map(({ all }) => all),
    Array(23).fill(0),
  );
});

test("an hour of yesterday at this clock time is not one of this day", () => {
  assert.ok(filled([{ at: "2026-03-04T17:00:00Z", sent: 9 }], NOW).every(({ all }) => all === 0));
});

for (const [most, round] of [
  [0, 10],
  [10, 10],
  [11, 20],
  [20, 20],
  [21, 50],
  [51, 100],
  [999, 1000],
  [1001, 2000],
]) {
  test(`bars up to ${most} stand below ${round}`, () => {
    assert.equal(ceiling(most), round);
  });
}
