// A part of a campaign that may be absent: a switch, and its fields once it is on.
import { html } from "/static/shared/ui/preact.js";
import { Toggle } from "/static/shared/ui/fields.js";

/** `first` is what stands there when it is switched on. What was switched off comes back by undo. */
export const Option = ({ label, hint, value, first, onValue, path, children }) => html`
  <div class="option" data-path=${path}>
    <${Toggle} label=${label} hint=${value === undefined ? hint : undefined} checked=${value !== undefined}
      onValue=${(isOn) => onValue(isOn ? first : undefined)} />
    ${value !== undefined && html`<div class="option-fields stack close">${children}</div>`}</div>`;
