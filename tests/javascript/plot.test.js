import assert from "node:assert/strict";
import { test } from "node:test";
import {
  headsOf,
  highest,
  lastKnown,
  nearest,
  rowsOf,
  scaleTo,
  spread,
  stacked,
} from "/static/shared/ui/plot/series.js";
import { sparkPath, sparkWords } from "/static/shared/ui/plot/spark-path.js";

for (const [most, scale] of [
  [0, { step: 1, top: 1 }],
  [1, { step: 1, top: 1 }],
  [3, { step: 1, top: 3 }],
  [4, { step: 1, top: 4 }],
  [5, { step: 2, top: 6 }],
  [100, { step: 25, top: 100 }],
  [101, { step: 50, top: 150 }],
  [145, { step: 50, top: 150 }],
  [999, { step: 250, top: 1000 }],
  [12_345, { step: 5000, top: 15_000 }],
]) {
  test(`a plot that reaches ${most} has a line every ${scale.step}, up to ${scale.top}`, () => {
    assert.deepEqual(scaleTo(most), scale);
  });
}

test("every scale reaches its highest value, in at most five lines", () => {
  for (let most = 1; most < 30_000; most = Math.ceil(most * 1.13)) {
    const { step, top } = scaleTo(most);
    assert.ok(top >= most && top / step <= 4 && top - step < most, `${most}: ${step}, ${top}`);
  }
});

const SERIES = [
  { name: "Sent", values: [1, null, 3], before: [9, 1, 1] },
  { name: "Failed", values: [1, 1, 1] },
];

test("the highest value is that of any line, comparisons too; of bars that of their sum", () => {
  assert.equal(highest(SERIES, false), 9);
  assert.equal(highest(SERIES, true), 4);
  assert.equal(highest([], true), 0);
});

test("bars lie on those before them; nothing known adds nothing", () => {
  assert.deepEqual(stacked(SERIES), [
    [1, 0, 3],
    [2, 1, 4],
  ]);
});

test("the last value is the last that is known", () => {
  assert.deepEqual(lastKnown([1, 2, null]), { at: 1, value: 2 });
  assert.equal(lastKnown([null]), null);
});

test("labels stand apart, within the plot, and in the order of their lines", () => {
  assert.deepEqual(spread([10, 50], 18, 200), [10, 50]);
  assert.deepEqual(spread([50, 52], 18, 200), [50, 68]);
  assert.deepEqual(spread([199, 198, 197], 18, 200), [200, 182, 164]);
  assert.deepEqual(spread([0, 0, 0], 18, 200), [0, 18, 36]);
});

test("the table has a row for each moment, and the comparison beside its series", () => {
  assert.deepEqual(headsOf(SERIES, "week before"), ["Sent", "Sent, week before", "Failed"]);
  assert.deepEqual(rowsOf([10, 20, 30], SERIES)[1], { time: 20, cells: [null, 1, 1] });
});

test("an event stands at the nearest moment", () => {
  const times = [10, 20, 30];
  assert.deepEqual(
    [0, 14, 16, 29, 99].map((moment) => nearest(times, moment)),
    [0, 0, 1, 2, 2],
  );
});

test("a sparkline is zero-based: half of the most is in the middle", () => {
  assert.equal(sparkPath([0, 5, 10], 83, 23), "M1.5 21.5L41.5 11.5L81.5 1.5");
  assert.equal(sparkPath([0, 0], 83, 23), "M1.5 21.5L81.5 21.5");
});

test("a sparkline has gaps where nothing is known, and shows a single point", () => {
  assert.match(sparkPath([1, 1, null, 1, 1], 83, 23), /^M[^M]*L[^M]*M[^M]*L[^M]*$/);
  assert.match(sparkPath([null, 1, null], 83, 23), /h0\.1$/);
  assert.equal(sparkPath([], 83, 23), "");
});

test("a sparkline is said in words", () => {
  assert.equal(sparkWords([3, null, 12, 7], "Sent", String), "Sent: from 3 to 12, last 7");
  assert.equal(sparkWords([null], "Sent", String), "Sent: nothing is known");
});
