// Suppressing numbers by hand, and releasing some.
import { html } from "/static/shared/ui/preact.js";
import { Field, TextField } from "/static/shared/ui/fields.js";
import { FormDialog } from "/static/shared/ui/form/form.js";
import { phone } from "/static/shared/ui/phone.js";
import { toast } from "/static/shared/ui/toast.js";
import { post } from "../api.js";
import { count, fromLocalInput } from "../words.js";

const MOST = 1000; // numbers of one request
const SHOWN = 5;

const numbersIn = (text) => text.split(/[\n,;]+/).map((one) => one.trim()).filter(Boolean);
const RULES = [["phones", (text) => {
  const { length } = numbersIn(text);
  return length > MOST ? `${MOST} numbers at once: import a file.` : length ? "" : "Write at least one number.";
}]];

/** The server names the place of a wrong number; the field has all of them. */
function byField(error) {
  const wrong = Object.keys(error.fields ?? {}).find((path) => path.startsWith("phones."));
  if (wrong) error.fields = { ...error.fields, phones: `Number ${Number(wrong.slice(7)) + 1}: ${error.fields[wrong]}` };
  return error;
}

export function SuppressDialog({ onClose }) {
  const save = async ({ phones, reason, until }) => {
    try {
      const { suppressed, already } = await post("/suppressions",
        { phones: numbersIn(phones), reason, until: fromLocalInput(until) });
      toast(`${count(suppressed, "number")} suppressed${already ? `, ${already} were before` : ""}.`);
      onClose(true);
    } catch (error) {
      throw byField(error);
    }
  };
  return html`<${FormDialog} title="Suppress numbers" first=${{ phones: "", reason: "", until: "" }} rules=${RULES}
    save=${save} verb="Suppress" onClose=${() => onClose(false)} draw=${(values, set, errors) => html`
      <${Field} label="Numbers" error=${errors.phones} hint="One a line, with country codes">${(tie) => html`
        <textarea class="textarea" rows="4" ...${tie} value=${values.phones}
          onInput=${(event) => set({ phones: event.currentTarget.value })} />`}<//>
      <${TextField} label="Reason" optional=${true} maxlength="200" value=${values.reason} error=${errors.reason}
        onValue=${(reason) => set({ reason })} />
      <${TextField} label="Until" optional=${true} type="datetime-local" value=${values.until} error=${errors.until}
        hint="Without it for good" onValue=${(until) => set({ until })} />`} />`;
}

export function ReleaseDialog({ phones, onClose, onDone }) {
  const save = async ({ reason }) => {
    const { released } = await post("/suppressions/release", { phones, reason });
    toast(`${count(released, "number")} released.`);
    onDone();
    onClose(true);
  };
  const more = phones.length > SHOWN ? ` and ${phones.length - SHOWN} more` : "";
  return html`<${FormDialog} title=${`Release ${count(phones.length, "number")}?`} first=${{ reason: "" }} save=${save}
    verb="Release" onClose=${() => onClose(false)} draw=${(values, set, errors) => html`
      <p>${phones.slice(0, SHOWN).map(phone).join(", ")}${more} may be written to again. Who texted STOP asked not
        to be: release such a number only if its owner asks you to.</p>
      <${TextField} label="Reason" optional=${true} maxlength="200" value=${values.reason} error=${errors.reason}
        hint="The consent ledger keeps it" onValue=${(reason) => set({ reason })} />`} />`;
}
