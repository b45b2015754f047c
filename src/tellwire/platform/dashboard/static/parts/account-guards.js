// The account's zone, quiet hours, limits and holdout, as fields of its form.
import { html } from "/static/shared/ui/preact.js";
import { Combobox } from "/static/shared/ui/combobox.js";
import { SelectField, TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { errorAt, newQuiet } from "../account-draft.js";
import { Card } from "./card.js";

const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone")].map((value) => ({ value, name: value }));
const WEEKDAYS = [["monday", "Mon"], ["tuesday", "Tue"], ["wednesday", "Wed"], ["thursday", "Thu"], ["friday", "Fri"],
  ["saturday", "Sat"], ["sunday", "Sun"]];
const WHOSE = [["person", "Each person's"], ["account", "The account's"]];
const FATES = [["delay", "Wait until they are over"], ["discard", "Drop the message"]];

/** `form` is that of `useForm` over a draft of account-draft.js. */
export function Guards({ form }) {
  const list = (path, items) => ({
    add: (one) => form.set(path, [...items, one]),
    drop: (at) => form.set(path, items.filter((_, place) => place !== at)),
  });
  const { quiet, limits } = form.values.account;
  const hours = list("account.quiet", quiet);
  const caps = list("account.limits.per_person", limits.per_person);
  return html`
    <${Card} title="Time zone"><div class="two"><${Combobox} label="Zone of the account" options=${ZONES} isFree=${true}
      ...${form.field("account.zone")} hint="Of schedules, days and quiet hours that say “account”, and of people whose
        own zone is not known. Empty is UTC." /></div><//>
    <${Card} title="Quiet hours" tools=${html`<${Add} onAdd=${() => hours.add(newQuiet())}>Add quiet hours<//>`}>
      ${quiet.length === 0 && html`<p class="muted">None: campaigns may write at any hour, unless they say otherwise
        themselves.</p>`}
      ${errorAt(form.errors, "account.quiet") && !quiet.length && html`<p class="wrong">
        ${errorAt(form.errors, "account.quiet")}</p>`}
      ${quiet.map((_, at) => html`<${Quiet} key=${at} at=${at} form=${form} drop=${() => hours.drop(at)} />`)}<//>
    <${Card} title="Limits for one person"
      tools=${html`<${Add} onAdd=${() => caps.add("3 per 7 days")}>Add a limit<//>`}>
      <p class="muted">Messages of all campaigns together. A campaign that is marked as necessary passes them.</p>
      ${limits.per_person.map((_, at) => html`<div class="joined" key=${at}>
        <${TextField} label="At most ${at + 1}" isLabelUnseen=${true} placeholder="3 per 7 days"
          ...${form.field(`account.limits.per_person.${at}`)} />
        <${Drop} label="Remove limit ${at + 1}" onDrop=${() => caps.drop(at)} /></div>`)}
      <div class="two">
        <${TextField} label="Gap between two messages" optional=${true} placeholder="12 hours"
          hint="A message that comes too soon waits." ...${form.field("account.limits.gap")} />
        <${TextField} label="Holdout" inputmode="decimal" ...${form.field("account.holdout")}
          hint="Percent of all people who get no message, to compare with. 0 is nobody." /></div><//>`;
}

function Quiet({ at, form, drop }) {
  const path = `account.quiet.${at}`;
  const { days } = form.values.account.quiet[at];
  const flip = (day) => form.set(`${path}.days`, days.includes(day) ? days.filter((one) => one !== day)
    : WEEKDAYS.map(([one]) => one).filter((one) => one === day || days.includes(one)));
  const whole = form.errors[path];
  return html`<fieldset class="quiet-hours"><legend class="unseen">Quiet hours ${at + 1}</legend>
    <div class="quiet-row">
      <${TextField} label="From" type="time" ...${form.field(`${path}.from`)} />
      <${TextField} label="To" type="time" ...${form.field(`${path}.to`)} />
      <${SelectField} label="By whose clock" options=${WHOSE} ...${form.field(`${path}.zone`)} />
      <${SelectField} label="Messages" options=${FATES} ...${form.field(`${path}.then`)} />
      <${Drop} label="Remove quiet hours ${at + 1}" onDrop=${drop} /></div>
    <div class="chips" role="group" aria-label="Days on which they begin">${WEEKDAYS.map(([day, word]) => html`
      <button type="button" class="chip" key=${day} aria-pressed=${String(!days.length || days.includes(day))}
        onClick=${() => flip(day)}>${word}</button>`)}
      <span class="muted small">${days.length ? "" : "every day"}</span></div>
    ${whole && html`<p class="wrong"><${Icon} name="warning" size=${13} />${whole}</p>`}</fieldset>`;
}

export const Add = ({ onAdd, children }) => html`<button type="button" class="button little push" onClick=${onAdd}>
  <${Icon} name="plus" size=${12} />${children}</button>`;

export const Drop = ({ label, onDrop }) => html`<button type="button" class="button quiet square" aria-label=${label}
  title=${label} onClick=${onDrop}><${Icon} name="trash" size=${14} /></button>`;

