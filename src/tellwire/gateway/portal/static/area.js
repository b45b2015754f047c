// A multi-line text field with its label, hint and error.
import { html } from "/static/shared/ui/preact.js";
import { Field } from "/static/shared/ui/fields.js";

export const TextArea = ({ label, hint, error, optional, value, onValue, rows = 3 }) =>
  html`<${Field} ...${{ label, hint, error, optional }}>${(tie) => html`
  <textarea class="textarea mono" rows=${rows} spellcheck=${false} ...${tie} value=${value}
    onInput=${(event) => onValue(event.currentTarget.value)} />`}<//>`;
