// A start by joining an audience.
import { html } from "/static/shared/ui/preact.js";
import { Toggle } from "/static/shared/ui/fields.js";
import { put } from "../../document/tree.js";
import { NamedField } from "../editor/named-field.js";

export const JoinsStart = ({ start, onStart, known, errors }) => html`
  <${NamedField} label="Audience" names=${known.audiences} path="start.joins" value=${start.joins}
    onValue=${(joins) => onStart({ ...start, joins })} error=${errors["start.joins"]} />
  <${Toggle} label="Also those who are members already" checked=${start.present === true}
    hint="They enter when it is published."
    onValue=${(is) => onStart(put(start, "present", is ? true : undefined))} />`;
