// What uPlot is told to draw: zero-based, without a legend or a title of its own; all colours are those of the page.
import { stacked } from "./series.js";

const DASHES = [4, 4];
const LINE_PX = 1.5;
const BAR = 0.7; // of the room between two moments
const LABEL_PX = 56; // between two words of the time axis, at least
const AXIS_FONT = "12px system-ui, sans-serif";

/** The lists of values as uPlot has them: moments, then each series with its comparison; bars lie on each other. */
export function dataOf({ times, series, kind }) {
  if (kind === "bars") return [times, ...stacked(series).toReversed()]; // the highest first, the others over it
  return [times, ...series.flatMap(({ values, before }) => (before ? [values, before] : [values]))];
}

function seriesOf({ uPlot, series, kind, paint }) {
  if (kind === "bars") {
    const paths = uPlot.paths.bars({ size: [BAR, 48], align: 1 });
    const points = { show: false };
    return series.map(({ tone }) => ({ fill: paint(tone), stroke: paint(tone), width: 0, paths, points }))
      .toReversed();
  }
  return series.flatMap((one) => {
    const stroke = paint(one.tone);
    const fill = one.isFilled ? paint(`${one.tone}-soft`) : undefined;
    const line = { stroke, width: LINE_PX, points: { show: false }, fill };
    return one.before ? [line, { stroke, width: 1, dash: DASHES, points: { show: false } }] : [line];
  });
}

const EACH_H23 = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const clock = new Intl.DateTimeFormat(navigator.language, /** @type {any} */ (EACH_H23));
const dayOnly = new Intl.DateTimeFormat(navigator.language, { day: "numeric", month: "short" });
const isMidnight = (date) => date.getHours() === 0 && date.getMinutes() === 0;

/** The words of the time axis: a day at its beginning, else the clock. */
const timeWords = (_, splits) => splits.map((second) => {
  const date = new Date(second * 1000);
  return isMidnight(date) ? dayOnly.format(date) : clock.format(date);
});

/** The span of bars: the last one needs its room too. */
const withLastBar = (chart, first, last) => [first, last + (last - first) / Math.max(1, chart.data[0].length - 1)];

const linesOf = ({ step, top }) => Array.from({ length: Math.round(top / step) + 1 }, (_, at) => at * step);

/**
 * The options of uPlot. `paint(tone)` gives a colour; `scale()` that of the values; `word` writes one;
 * `onCursor(at)` is called with the place under the pointer, `onSpan(from, to)` with seconds that were marked with it.
 */
export function optionsOf(plot) {
  const { uPlot, width, height, series, kind, hasEvents, paint, word, onCursor, onSpan } = plot;
  const scale = () => plot.scale(); // of the newest data, which may reach higher
  const axis = { stroke: paint("text"), font: AXIS_FONT, ticks: { show: false } };
  return {
    width, height, padding: [8, kind === "bars" ? 24 : 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: kind !== "bars" }, drag: { x: Boolean(onSpan), y: false, setScale: false } },
    select: { show: Boolean(onSpan) },
    scales: {
      x: { time: true, range: kind === "bars" ? withLastBar : undefined }, y: { range: () => [0, scale().top] },
    },
    axes: [
      { ...axis, grid: { show: false }, space: LABEL_PX, size: hasEvents ? 44 : 32, gap: hasEvents ? 20 : 8,
        values: timeWords },
      { ...axis, grid: { stroke: paint("grid"), width: 1 }, size: 52, gap: 8, values: (_, splits) => splits.map(word),
        splits: () => linesOf(scale()) },
    ],
    series: [{}, ...seriesOf({ uPlot, series, kind, paint })],
    hooks: {
      setCursor: [(chart) => onCursor(chart.cursor.idx ?? null)],
      setSelect: [(chart) => {
        if (!onSpan || chart.select.width < 4) return;
        const [from, to] = [chart.select.left, chart.select.left + chart.select.width];
        chart.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
        onSpan(chart.posToVal(from, "x"), chart.posToVal(to, "x"));
      }],
    },
  };
}
