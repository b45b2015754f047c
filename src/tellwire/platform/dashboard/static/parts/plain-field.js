// A field of a campaign as the vocabulary describes it: for every field that wants nothing special.
import { html } from "/static/shared/ui/preact.js";
import { SelectField, TextField, Toggle } from "/static/shared/ui/fields.js";
import { boundsOf, changedAt, fieldAt, valueAt } from "../vocabulary.js";
import { sentence } from "../words.js";

const PLAIN = ["text", "integer", "number", "boolean", "choice"];

/** Whether a field is one that can be drawn here; a list or a rule is none. */
export const isPlain = ({ kind }) => PLAIN.includes(kind);

/** Draws the field at `path`; `set(key, value)` changes one top-level field of the draft. */
export function PlainField({ path, draft, set, errors }) {
  const { kind, title, help, choices } = fieldAt(path);
  const [name] = path.split(".");
  const tie = {
    label: title ?? sentence(path.split(".").at(-1)), hint: help, error: errors[path],
    onValue: (value) => set(name, changedAt(draft, path, value)[name]),
  };
  const value = valueAt(draft, path);
  const asNumber = (text) => tie.onValue(text === "" ? null : Number(text));
  if (kind === "boolean") return html`<${Toggle} ...${tie} checked=${value} />`;
  if (kind === "choice") {
    return html`<${SelectField} ...${tie} value=${value} options=${choices.map((one) => [one, sentence(one)])} />`;
  }
  const number = kind === "text" ? {}
    : { type: "number", step: kind === "integer" ? "1" : "any", inputmode: "decimal", onValue: asNumber };
  return html`<${TextField} ...${tie} ...${boundsOf(path)} ...${number} value=${value ?? ""} />`;
}
