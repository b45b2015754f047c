// A plot over time: zero-based, each line named at its end, the time before dashed, events on the axis. The same
// numbers stand in a table one button away; arrows walk through them. What draws is loaded after the page.
import { html, useRef, useState } from "../preact.js";
import { Icon } from "../icons.js";
import { moment, number } from "../words.js";
import { headsOf, lastKnown, nearest, rowsOf, spread } from "./series.js";
import { useChart } from "./use-chart.js";

const LABEL_PX = 18; // one line of a name
const BIG_STEP = 10;

/** Where a key leads to among `count` moments. */
function stepFor(key, at, count) {
  if (key === "ArrowRight") return Math.min(count - 1, (at ?? -1) + 1);
  if (key === "ArrowLeft") return Math.max(0, (at ?? count) - 1);
  if (key === "PageDown") return Math.min(count - 1, (at ?? 0) + BIG_STEP);
  if (key === "PageUp") return Math.max(0, (at ?? count) - BIG_STEP);
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}

/**
 * `times` are seconds; `series` see series.js, `tone` going, good, bad, accent or idle; `before` is what a series was
 * in the time compared with, called `beforeWord`. `kind` is "lines" or "bars" (each on those before it).
 * `events` are `{at, text, href?}`; `onSpan(from, to)` is called when a span is marked with the pointer. Without
 * `hasLegend` the page says which bar is which.
 */
export function Plot({ title, times, series, kind = "lines", events = [], unit = "", beforeWord = "before",
  height = 220, word = number, timeWord = momentOf, onSpan, hasLegend = true }) {
  const [isTable, setTable] = useState(false);
  const id = title.replace(/\W+/g, "-");
  return html`<figure class="k-plot" aria-label=${title}>
    ${isTable ? html`<${Numbers} ...${{ title, times, series, beforeWord, height, word, timeWord }} />`
      : html`<${Picture} key=${id}
        ...${{ title, times, series, kind, events, unit, beforeWord, height, word, timeWord, onSpan, hasLegend }}
        onMissing=${() => setTable(true)} />`}
    <button type="button" class="button quiet little k-plot-turn" onClick=${() => setTable(!isTable)}>
      <${Icon} name=${isTable ? "wave" : "grid"} size=${13} />${isTable ? "Plot" : "Table"}</button></figure>`;
}

const momentOf = (second) => moment(new Date(second * 1000).toISOString()).replace(/:\d\d$/, "");

function Picture({ title, times, series, kind, events, unit, beforeWord, height, word, timeWord, onSpan,
  hasLegend, onMissing }) {
  const [at, setAt] = useState(null);
  const [isByKeys, setByKeys] = useState(false);
  const [box, probe] = [useRef(null), useRef(null)];
  const plot = { times, series, kind, height, hasEvents: events.length > 0, word, onCursor: setAt, onSpan };
  const { chart, area } = useChart({ box, probe, plot, onMissing });
  const press = (event) => {
    const next = event.altKey || event.ctrlKey || event.metaKey ? null : stepFor(event.key, at, times.length);
    if (next === null || !area) return;
    event.preventDefault();
    setByKeys(true);
    chart.current.setCursor({ left: chart.current.valToPos(times[next], "x"), top: 0 });
    setAt(next);
  };
  const leave = () => {
    setByKeys(false);
    chart.current?.setCursor({ left: -10, top: -10 });
    setAt(null);
  };
  const readout = at === null || at >= times.length ? null
    : html`<b>${timeWord(times[at])}</b>${series.map((one) => html`<span key=${one.name} class="k-row k-tight">
      <i class="k-swatch k-tone-${one.tone}" />${one.name} <b>${known(one.values[at], word)}</b>
      ${one.before && html`<span class="k-muted">${beforeWord} ${known(one.before[at], word)}</span>`}</span>`)}`;
  return html`<div class="k-plot-readout" aria-live=${isByKeys ? "polite" : "off"}>
      ${readout ?? html`<span class="k-muted">${title}${unit && `, ${unit}`}</span>`}</div>
    <div class="k-plot-room" style=${{ height: `${height}px` }}>
      <div class="k-plot-box" ref=${box} tabindex="0" role="group" onKeyDown=${press} onBlur=${leave}
        aria-label="${title}. Arrows walk through the moments." aria-roledescription="plot"></div>
      <span ref=${probe} hidden />
      ${area && html`<${Events} ...${{ events, times, area, timeWord }} />`}
      ${area && kind === "lines" && html`<${Labels} ...${{ series, area, word }} />`}</div>
    ${kind === "bars" && hasLegend && html`<ul class="k-legend">${series.map((one) => html`
      <li key=${one.name} class="k-row k-tight"><i class="k-swatch k-tone-${one.tone}" />${one.name}</li>`)}</ul>`}`;
}

const known = (value, word) => (value == null ? "–" : word(value));

/** The name and the last value of each line, beside its end. */
function Labels({ series, area, word }) {
  const ends = series.map(({ values }) => lastKnown(values));
  const places = spread(ends.map((end) => area.top + area.y(end?.value ?? 0) - LABEL_PX / 2), LABEL_PX,
    area.top + area.height - LABEL_PX / 2);
  return html`<ul class="k-plot-labels">${series.map(({ name, tone }, at) => html`<li key=${name}
    class="k-plot-label k-tone-${tone}" style=${{ top: `${places[at]}px` }}><span class="k-cut">${name}</span>
    <b>${known(ends[at]?.value, word)}</b></li>`)}</ul>`;
}

/** What happened, as flags on the time axis. */
const Events = ({ events, times, area, timeWord }) => {
  const within = events.filter(({ at }) => at >= times[0] && at <= times.at(-1));
  return within.length > 0 && html`<ul class="k-plot-events" aria-label="Events">${within.map(({ at, text, href }) => {
    const words = `${timeWord(at)}: ${text}`;
    const left = area.left + area.x(times[nearest(times, at)]);
    const style = { left: `${left}px`, top: `${area.top}px`, height: `${area.height}px` };
    const flag = html`<${Icon} name="flag" size=${12} label=${words} />`;
    return html`<li key=${words} class="k-plot-event" style=${style}>${href
      ? html`<a href=${href} title=${words}>${flag}</a>` : html`<span title=${words}>${flag}</span>`}</li>`;
  })}</ul>`;
};

const Numbers = ({ title, times, series, beforeWord, height, word, timeWord }) => html`<div class="k-plot-numbers"
  tabindex="0" role="region" aria-label="${title}, as a table" style=${{ "--k-height": `${height}px` }}>
  <table class="k-table k-auto"><caption class="k-unseen">${title}</caption><thead><tr><th scope="col">Time</th>
    ${headsOf(series, beforeWord).map((head) => html`<th scope="col" class="k-number" key=${head}>${head}</th>`)}</tr>
    </thead>
    <tbody>${rowsOf(times, series).map(({ time, cells }) => html`<tr key=${time}><th scope="row">${timeWord(time)}</th>
      ${cells.map((value, k) => html`<td class="k-number" key=${k}>${known(value, word)}</td>`)}</tr>`)}</tbody></table>
  </div>`;
