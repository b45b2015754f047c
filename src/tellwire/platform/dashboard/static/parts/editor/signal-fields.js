// An event that somebody waits for: its name, what it has to be, and what it has to share with the entering event.
import { html } from "/static/shared/ui/preact.js";
import { put } from "../../document/tree.js";
import { ConditionRows } from "./condition-rows.js";
import { NamedField } from "./named-field.js";

const SAME = "A property that has to equal the entering event's, as cart_id; empty for any such event.";

/** `label` names the event for who hears it; `same` is asked where an event started the campaign. */
export function SignalFields({ label, signal, onSignal, known, errors, path, hasSame = true }) {
  const set = (key, value) => onSignal(put(signal, key, value === "" || value?.length === 0 ? undefined : value));
  return html`<div class="stack close">
    <div class="two">
      <${NamedField} label=${label} names=${known.events} path="${path}.event" value=${signal.event}
        onValue=${(text) => onSignal({ ...signal, event: text })} error=${errors[`${path}.event`]} />
      ${(hasSame || signal.same) && html`<${NamedField} label="With the same" hint=${SAME} optional
        names=${known.propertiesOf(signal.event)} path="${path}.same" value=${signal.same ?? ""}
        onValue=${(text) => set("same", text)} error=${errors[`${path}.same`]} />`}</div>
    <${ConditionRows} legend="Where" isLegendUnseen list=${signal.where} onList=${(list) => set("where", list)}
      known=${known.propertiesOf(signal.event)} errors=${errors} path="${path}.where"
      of="condition of ${label.toLowerCase()}" add="Narrow it down" /></div>`;
}
