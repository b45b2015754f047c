// A start by an event: its name, and what it has to be.
import { html } from "/static/shared/ui/preact.js";
import { put } from "../../document/tree.js";
import { ConditionRows } from "../editor/condition-rows.js";
import { NamedField } from "../editor/named-field.js";

const HINT = "The name as your app sends it; capitals and spaces do not matter.";

export const EventStart = ({ start, onStart, known, errors }) => html`
  <${NamedField} label="Event" hint=${HINT} names=${known.events} path="start.event" value=${start.event}
    onValue=${(event) => onStart({ ...start, event })} error=${errors["start.event"]} />
  <${Where} ...${{ start, onStart, known, errors }} />`;

/** What an entering event has to be. */
export const Where = ({ start, onStart, known, errors }) => html`<${ConditionRows} legend="Event conditions"
  hint="All must hold; without any, every such event counts." path="start.where" list=${start.where}
  onList=${(list) => onStart(put(start, "where", list.length ? list : undefined))}
  known=${known.propertiesOf(start.event)} errors=${errors} />`;
