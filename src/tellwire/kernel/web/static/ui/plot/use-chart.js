// uPlot within a component: made anew for other series or colours, fed for other data, as wide as its box.
import { useEffect, useLayoutEffect, useRef, useState } from "../preact.js";
import { dataOf, optionsOf } from "./drawing.js";
import { highest, scaleTo } from "./series.js";

let known = null; // the plotting module, once some plot has loaded it: half of what a page weighs, and not for its text

/** The plotting module: null until it is here, after the page around it. `onMissing` is called if it will not come. */
function usePlotting(onMissing) {
  const [module, setModule] = useState(known);
  useEffect(() => {
    let isGone = false;
    const take = ({ uPlot }) => {
      known = { uPlot };
      if (!isGone) setModule(known);
    };
    if (!module) import("../uplot.js").then(take, () => isGone || onMissing());
    return () => { isGone = true; };
  }, []);
  return module;
}

const schemes = matchMedia("(prefers-color-scheme: dark)");

/** A number that is another one when the page's colours are. */
function usePaint() {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const change = () => setTurn((old) => old + 1);
    const observer = new MutationObserver(change);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    schemes.addEventListener("change", change);
    return () => { observer.disconnect(); schemes.removeEventListener("change", change); };
  }, []);
  return turn;
}

/** Reads a tone's colour as the page has it now: only an element knows what light-dark() means. */
const painter = (probe) => (tone) => {
  probe.className = `k-paint k-paint-${tone}`;
  return getComputedStyle(probe).color;
};

const scaleOf = ({ series, kind }) => scaleTo(highest(series, kind === "bars"));

/**
 * Draws `plot` (see drawing.js) into `box`; `probe` is an element of the page whose colours can be read.
 * Returns the chart as a ref, and where its plotting area lies: `{left, width, height, y(value), x(second)}`.
 */
export function useChart({ box, probe, plot, onMissing }) {
  const plotting = usePlotting(onMissing);
  const chart = useRef(null);
  const latest = useRef(plot);
  latest.current = plot;
  const [area, setArea] = useState(null);
  const turn = usePaint();
  const look = JSON.stringify([plot.kind, plot.series.map(({ name, tone, isFilled, before }) =>
    [name, tone, isFilled, Boolean(before)]), plot.height, plot.hasEvents, Boolean(plot.onSpan)]);

  const note = () => {
    const { bbox } = chart.current;
    const ratio = devicePixelRatio;
    setArea({
      left: bbox.left / ratio, top: bbox.top / ratio, width: bbox.width / ratio, height: bbox.height / ratio,
      x: (second) => chart.current.valToPos(second, "x"), y: (value) => chart.current.valToPos(value, "y"),
    });
  };
  useLayoutEffect(() => {
    if (!plotting) return;
    const current = {
      ...latest.current, ...plotting, width: box.current.clientWidth, paint: painter(probe.current),
      onCursor: (at) => latest.current.onCursor(at),
      onSpan: plot.onSpan && ((from, to) => latest.current.onSpan(from, to)),
      word: (value) => latest.current.word(value), scale: () => scaleOf(latest.current),
    };
    chart.current = new plotting.uPlot(optionsOf(current), dataOf(current), box.current);
    note();
    const observer = new ResizeObserver(() => {
      const width = box.current.clientWidth;
      if (!width || width === chart.current.width) return;
      chart.current.setSize({ width, height: plot.height });
      note();
    });
    observer.observe(box.current);
    return () => { observer.disconnect(); chart.current.destroy(); };
  }, [look, turn, plotting]);
  useLayoutEffect(() => {
    if (!chart.current) return;
    chart.current.setData(dataOf(plot));
    note();
  }, [plot.times, plot.series]);
  return { chart, area };
}
