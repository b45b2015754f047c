// Whether the small pictures of a table are about the last day or the last two weeks.
import { html, useId } from "/static/shared/ui/preact.js";

const SPANS = [["24h", "24 h"], ["14d", "14 d"]];

export function SpanChoice({ value, onValue }) {
  const name = useId();
  return html`<fieldset class="k-segments"><legend class="k-unseen">Time of the pictures</legend>
    ${SPANS.map(([key, word]) => html`<label key=${key} class="k-segment"><input type="radio" name=${name}
      checked=${key === value} onChange=${() => onValue(key)} />${word}</label>`)}</fieldset>`;
}
