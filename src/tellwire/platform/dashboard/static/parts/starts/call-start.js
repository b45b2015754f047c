// A start by a call of the API.
import { html } from "/static/shared/ui/preact.js";
import { TextField } from "/static/shared/ui/fields.js";

const HINT = "The name under which your systems call it, as order-shipped.";

export const CallStart = ({ start, onStart, errors }) => html`<div data-path="start.call">
  <${TextField} label="Name of the call" hint=${HINT} value=${start.call} maxlength="120"
    onValue=${(call) => onStart({ ...start, call })} error=${errors["start.call"]} /></div>`;
