// A step that ends it for the person, with a reason that reports name.
import { html } from "/static/shared/ui/preact.js";
import { TextField } from "/static/shared/ui/fields.js";

export const StopForm = ({ reason, onReason, path, errors }) => html`<div data-path=${path}>
  <${TextField} label="Reason" optional hint="As reports name it" maxlength="200" value=${reason} onValue=${onReason}
    error=${errors[path]} /></div>`;
