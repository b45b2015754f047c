// What counts as success, and the share of the people who get nothing so that it can be compared.
import { html } from "/static/shared/ui/preact.js";
import { TextField } from "/static/shared/ui/fields.js";
import { isShownGoal } from "../../document/steps.js";
import { put } from "../../document/tree.js";
import { NamedField } from "../editor/named-field.js";
import { Option } from "../editor/option.js";
import { RawPart } from "../editor/raw-part.js";
import { SignalFields } from "../editor/signal-fields.js";
import { SpanField } from "../editor/span-field.js";

export function GoalGuard({ goal, onGoal, known, errors }) {
  if (goal !== undefined && !isShownGoal(goal)) {
    return html`<${RawPart} label="Goal" value=${goal} onValue=${onGoal} path="goal" error=${errors.goal} />`;
  }
  return html`<${Option} label="A goal" hint="An event that counts as success, and its worth." path="goal" value=${goal}
    first=${{ event: "", within: "3 days" }} onValue=${onGoal}>
    <${SignalFields} label="Goal event" signal=${goal} onSignal=${onGoal} path="goal" ...${{ known, errors }} />
    <div class="two">
      <${SpanField} label="Within" hint="Of entering" value=${goal?.within} path="goal.within"
        error=${errors["goal.within"]} onValue=${(text) => onGoal({ ...goal, within: text })} />
      <${NamedField} label="Worth" hint="A number in that event, as Amount" optional path="goal.revenue"
        names=${known.propertiesOf(goal?.event)} value=${goal?.revenue ?? ""} error=${errors["goal.revenue"]}
        onValue=${(text) => onGoal(put(goal, "revenue", text || undefined))} /></div><//>`;
}

export const Holdout = ({ holdout, onHoldout, errors }) => html`<${Option} label="A holdout" path="holdout"
  hint="A share of the people is followed and gets nothing, to compare with." value=${holdout} first=${5}
  onValue=${onHoldout}>
  <div class="span"><${TextField} label="Percent held out" isLabelUnseen type="number" min="0" max="100" step="any"
    inputmode="decimal" class="few" value=${holdout} error=${errors.holdout}
    onValue=${(text) => onHoldout(Number(text) || 0)} /><span class="muted">% of the people</span></div><//>`;
