// The form of one step, whichever it is: its name, and what it does; as YAML where no form can show it.
import { html } from "/static/shared/ui/preact.js";
import { TextField, Wrong } from "/static/shared/ui/fields.js";
import { isShownStep, stepKind } from "../../document/steps.js";
import { RawPart } from "../editor/raw-part.js";
import { CallForm } from "./call-form.js";
import { ChooseForm } from "./choose-form.js";
import { RepeatForm } from "./repeat-form.js";
import { SendForm } from "./send-form.js";
import { SetForm } from "./set-form.js";
import { SplitForm } from "./split-form.js";
import { StopForm } from "./stop-form.js";
import { WaitForm } from "./wait-form.js";

/** What each form calls its step, and what it is told of a change. */
const FORMS = {
  send: (value, onValue, rest) => html`<${SendForm} send=${value} onSend=${onValue} ...${rest} />`,
  wait: (value, onValue, rest) => html`<${WaitForm} wait=${value} onWait=${onValue} ...${rest} />`,
  choose: (value, onValue, rest) => html`<${ChooseForm} branches=${value} onBranches=${onValue} ...${rest} />`,
  split: (value, onValue, rest) => html`<${SplitForm} shares=${value} onShares=${onValue} ...${rest} />`,
  repeat: (value, onValue, rest) => html`<${RepeatForm} repeat=${value} onRepeat=${onValue} ...${rest} />`,
  set: (value, onValue, rest) => html`<${SetForm} changes=${value} onChanges=${onValue} ...${rest} />`,
  call: (value, onValue, rest) => html`<${CallForm} call=${value} onCall=${onValue} ...${rest} />`,
  stop: (value, onValue, rest) => html`<${StopForm} reason=${value} onReason=${onValue} ...${rest} />`,
};
const NAME = "Reports and messages name the step so. People who wait keep their place by it: change it before "
  + "publishing.";

/** `onStep` gets the next step. `known` has the names to suggest; `onFocus(path)` hears that somebody works here. */
export function StepForm({ step, path, onStep, known, errors, onFocus }) {
  if (!isShownStep(step)) {
    return html`<${RawPart} label="Step" value=${step} onValue=${onStep} path=${path} error=${errors[path]} />`;
  }
  const kind = stepKind(step);
  const rest = { path: `${path}.${kind}`, known, errors };
  return html`<div class="stack" data-path=${path} onFocusIn=${() => onFocus?.(path)}>
    ${errors[path] && html`<${Wrong}>${errors[path]}<//>`}
    ${FORMS[kind](step[kind], (value) => onStep({ ...step, [kind]: value }), rest)}
    <div data-path="${path}.id"><${TextField} label="Step name" hint=${NAME} maxlength="64" value=${step.id ?? ""}
      onValue=${(id) => onStep({ ...step, id })} error=${errors[`${path}.id`]} /></div></div>`;
}
