// The sample that a preview is made with: a recent event, and the values that the text names, to try others.
import { html } from "/static/shared/ui/preact.js";
import { SelectField, TextField } from "/static/shared/ui/fields.js";
import { mentioned } from "../mentions.js";
import { timeOfDay } from "../words.js";

const fold = (name) => name.replace(/\s+/g, "").toLowerCase();

function valueIn(table, name) {
  const key = Object.keys(table).find((one) => fold(one) === fold(name));
  const value = key === undefined ? "" : table[key];
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "");
}

export function TryIt({ events, chosen, onChosen, text, tried, onTried }) {
  const used = mentioned(text);
  const fields = ["Event", "Profile"].flatMap((space) => used[space].map((name) => ({ space, name })));
  return html`<div class="stack close"><h3>Try it with</h3>
    ${events.length > 0 && html`<${SelectField} label="A recent event" value=${chosen?.id ?? ""} onValue=${onChosen}
      options=${events.map((one) => [one.id, `${timeOfDay(one.received_at)} · ${one.subject.value}`])} />`}
    ${fields.map(({ space, name }) => html`<${TextField} key=${space + name} label="${space}.${name}"
      value=${valueIn(tried[space], name)} onValue=${(value) => onTried(space, name, value)} />`)}
    ${!events.length && !fields.length && html`<p class="hint">Once the event was seen, a recent one fills the
      preview.</p>`}
  </div>`;
}
