// A step that repeats others, until an event if one is named.
import { html } from "/static/shared/ui/preact.js";
import { TextField } from "/static/shared/ui/fields.js";
import { put } from "../../document/tree.js";
import { Option } from "../editor/option.js";
import { SignalFields } from "../editor/signal-fields.js";
import { SpanField } from "../editor/span-field.js";

export function RepeatForm({ repeat, onRepeat, path, known, errors }) {
  const set = (key, value) => onRepeat(put(repeat, key, value));
  return html`<div class="stack close">
    <div class="two">
      <div data-path="${path}.times"><${TextField} label="Times" type="number" min="1" max="1000" step="1"
        inputmode="numeric" value=${repeat.times} error=${errors[`${path}.times`]}
        onValue=${(text) => set("times", Math.max(1, Math.round(Number(text)) || 1))} /></div>
      <${SpanField} label="Every" value=${repeat.every} onValue=${(text) => set("every", text)} path="${path}.every"
        error=${errors[`${path}.every`]} /></div>
    <${Option} label="Until an event" value=${repeat.until} first=${{ event: "" }} path="${path}.until"
      onValue=${(value) => set("until", value)}>
      <${SignalFields} label="Event that ends the repeating" signal=${repeat.until} path="${path}.until"
        hasSame=${known.event !== ""} ...${{ known, errors }} onSignal=${(value) => set("until", value)} /><//></div>`;
}
