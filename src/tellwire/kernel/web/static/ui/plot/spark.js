// A line of a row: no axes, but zero-based, and with its last value.
import { html } from "../preact.js";
import { number } from "../words.js";
import { sparkPath, sparkWords } from "./spark-path.js";

const HEIGHT = 20;

/** `word` writes a value; `tone` is that of plots: going, good, bad, accent. */
export function Spark({ name, values, tone = "going", word = number, width = 88, hasLast = true }) {
  const last = values.findLast((value) => value != null);
  return html`<span class="k-spark k-tone-${tone}">
    <svg width=${width} height=${HEIGHT} viewBox="0 0 ${width} ${HEIGHT}" role="img"
      aria-label=${sparkWords(values, name, word)}><path d=${sparkPath(values, width, HEIGHT)} /></svg>
    ${hasLast && html`<span class="k-spark-last" aria-hidden="true">${last == null ? "–" : word(last)}</span>`}</span>`;
}
