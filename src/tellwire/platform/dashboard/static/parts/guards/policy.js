// What to do when handing a message over goes wrong, and who goes first.
import { html } from "/static/shared/ui/preact.js";
import { SelectField, TextField } from "/static/shared/ui/fields.js";
import { isSame } from "../../document/tree.js";
import { blankCampaign, boundsOf, fieldAt } from "../../vocabulary.js";

const HOUR_S = 3600;
const UNRESOLVED = [["never_repeat", "Leave it: at most once"], ["repeat", "Send again: at least once"]];
const PRIORITIES = [["high", "Before others"], ["normal", "As others"], ["low", "After others"]];
const hours = () => {
  const { least, most } = fieldAt("policy.give_up_after_s");
  return { min: least / HOUR_S, max: most / HOUR_S };
};
/** A whole number that is not less than a field may be; that it is too much, the server says. */
const inBounds = (path, value) => Math.max(fieldAt(path).least, Math.round(Number(value)) || 0);

export function Policy({ policy, onPolicy, errors }) {
  const usual = blankCampaign().policy;
  const whole = { ...usual, ...policy };
  const set = (key, value) => {
    const next = { ...whole, [key]: value };
    onPolicy(isSame(next, usual) ? undefined : next);
  };
  return html`<div class="stack close" data-path="policy">
    <${SelectField} label="When no answer came, and it perhaps was sent" options=${UNRESOLVED}
      value=${whole.when_unresolved} onValue=${(key) => set("when_unresolved", key)}
      error=${errors["policy.when_unresolved"]} />
    <div class="two">
      <${TextField} label="Tries" type="number" ...${boundsOf("policy.attempts")} step="1" inputmode="numeric"
        hint="In all, for what was surely not sent." value=${whole.attempts} error=${errors["policy.attempts"]}
        onValue=${(text) => set("attempts", inBounds("policy.attempts", text))} />
      <${TextField} label="Give up after (hours)" type="number" ...${hours()} step="any" inputmode="decimal"
        hint="Older than this it is not tried again" value=${whole.give_up_after_s / HOUR_S}
        error=${errors["policy.give_up_after_s"]}
        onValue=${(text) => set("give_up_after_s", inBounds("policy.give_up_after_s", Number(text) * HOUR_S))} />
    </div></div>`;
}

export const Priority = ({ priority = "normal", onPriority }) => html`<div data-path="priority">
  <${SelectField} label="Priority" hint="Where several campaigns compete for one person's cap" options=${PRIORITIES}
    value=${priority} onValue=${(key) => onPriority(key === "normal" ? undefined : key)} /></div>`;
