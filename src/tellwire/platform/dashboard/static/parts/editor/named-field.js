// A name that is known or new: of an event, a property, an audience; what was seen lately is suggested.
import { html } from "/static/shared/ui/preact.js";
import { Combobox } from "/static/shared/ui/combobox.js";

const NEW = "Not seen lately. Any name will do.";
const optionsOf = (names) => names.map((name) => ({ value: name, name }));

/** `names` are what is suggested; every key is a value. */
export const NamedField = ({ names, path, ...field }) => html`<div data-path=${path}>
  <${Combobox} options=${optionsOf(names)} isFree=${true} isLive=${true} none=${NEW} maxlength="120" ...${field} />
</div>`;
