import assert from "node:assert/strict";
import { test } from "node:test";
import { filled } from "/static/portal/volume.js";

const NOW = Date.parse("2026-03-05T17:04:09Z");
const sumOf = ({ series }) => series.flatMap(({ values }) => values).reduce((sum, one) => sum + one, 0);

test("a day has 24 hours up to this one, each with its counts; hours that nothing is known of are empty", () => {
  const day = filled([{ at: "2026-03-05T17:00:00Z", delivered: 2, failed: 1 }], NOW);

  assert.equal(day.times.length, 24);
  assert.equal(new Date(day.times[0] * 1000).toISOString(), "2026-03-04T18:00:00.000Z");
  assert.equal(new Date(day.times[23] * 1000).toISOString(), "2026-03-05T17:00:00.000Z");
  assert.deepEqual(
    day.series.map(({ name, values }) => [name, values[23]]),
    [
      ["Delivered", 2],
      ["Sent", 0],
      ["Queued", 0],
      ["Failed", 1],
    ],
  );
  assert.equal(sumOf(day), 3);
});

test("an hour of yesterday at this clock time is not one of this day", () => {
  assert.equal(sumOf(filled([{ at: "2026-03-04T17:00:00Z", sent: 9 }], NOW)), 0);
});
