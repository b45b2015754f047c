// One of a few that are all seen, in a tool bar: a row of words of which one is pressed.
import { html, useId } from "/static/shared/ui/preact.js";

export function Segments({ label, options, value, onValue }) {
  const name = useId();
  return html`<fieldset class="k-segments"><legend class="k-unseen">${label}</legend>
    ${options.map(([key, word]) => html`<label key=${key} class="k-segment"><input type="radio" name=${name}
      checked=${key === value} onChange=${() => onValue(key)} />${word}</label>`)}</fieldset>`;
}
