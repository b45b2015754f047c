// The arithmetic of plots: scales, stacks, places of labels, and the same data as rows. Pure.

/**
 * One line or stack of a plot. `values` has one entry for each moment, null where nothing is known.
 * @typedef {{
 *   name: string, values: (number | null)[], tone?: string, before?: (number | null)[], isFilled?: boolean,
 * }} Series
 */

const ROUND = [1, 2, 2.5, 5, 10];
const STEPS = 4; // lines of the grid, at most

/** The step between lines of the grid, and the round top above `most`; a scale begins at zero. */
export function scaleTo(most, steps = STEPS) {
  const rough = Math.max(most, 1) / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, (ROUND.find((round) => round * power >= rough) ?? 10) * power);
  const whole = most >= steps ? step : 1; // counts have no halves
  return { step: whole, top: Math.max(1, Math.ceil(most / whole - 1e-9)) * whole };
}

/** The highest value of all series, comparisons too; stacked ones count together. */
export function highest(series, isStacked) {
  const lists = isStacked ? stacked(series).slice(-1) : series.flatMap(({ values, before }) => [values, before ?? []]);
  return lists.reduce((most, values) => values.reduce((high, one) => Math.max(high, one ?? 0), most), 0);
}

/** Each series on top of those before it; nothing known adds nothing. */
export function stacked(series) {
  let below = [];
  return series.map(({ values }) => {
    below = values.map((value, at) => (below[at] ?? 0) + (value ?? 0));
    return below;
  });
}

/** The last value that is known, and where. */
export function lastKnown(values) {
  const at = values.findLastIndex((value) => value != null);
  return at < 0 ? null : { at, value: values[at] };
}

/** The places of labels beside their lines: at least `gap` apart, within 0 to `height`, in the order of the lines. */
export function spread(places, gap, height) {
  const order = places.map((place, at) => ({ place, at })).sort((a, b) => a.place - b.place);
  let least = 0;
  for (const one of order) {
    one.place = Math.max(one.place, least);
    least = one.place + gap;
  }
  let most = height;
  for (const one of order.toReversed()) {
    one.place = Math.min(one.place, most);
    most = one.place - gap;
  }
  const result = new Array(places.length);
  for (const { place, at } of order) result[at] = place;
  return result;
}

/** The plot's numbers as a table: one row for each moment, comparisons beside their series. */
export function rowsOf(times, series) {
  return times.map((time, at) => ({
    time, cells: series.flatMap(({ values, before }) => [values[at], ...(before ? [before[at]] : [])]),
  }));
}

/** The heads of that table. */
export const headsOf = (series, beforeWord) =>
  series.flatMap(({ name, before }) => [name, ...(before ? [`${name}, ${beforeWord}`] : [])]);

/** The place in `times` nearest to a moment; both in seconds. */
export function nearest(times, moment) {
  let [low, high] = [0, times.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle] <= moment) low = middle;
    else high = middle;
  }
  return moment - times[low] <= times[high] - moment ? low : high;
}
