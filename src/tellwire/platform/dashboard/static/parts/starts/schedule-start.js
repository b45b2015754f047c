// A start by the clock: now, once later, at several moments, or again and again.
import { html } from "/static/shared/ui/preact.js";
import { Choice, TextField, Wrong } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { scheduleIn, scheduleMode } from "../../document/starts.js";
import { inserted, put } from "../../document/tree.js";
import { NamedField } from "../editor/named-field.js";
import { Recurrence } from "./recurrence.js";

const MODES = [["now", "Now"], ["once", "Later"], ["several", "Several times"], ["recurring", "Again and again"]];
const CLOCKS = [["account", "The account's clock"], ["person", "Each person's clock"], ["zone", "Another zone"]];
const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:00)?$/;

export function ScheduleStart({ start, onStart, errors }) {
  const mode = scheduleMode(start);
  return html`
    <${Choice} label="When" isLabelUnseen options=${MODES} value=${mode}
      onValue=${(next) => next !== mode && onStart(scheduleIn(next, start))} />
    ${mode === "now" && html`<p class="hint">It goes out once, when it is published.</p>`}
    ${mode === "once" && html`<${Moment} label="At" path="start.at" value=${start.at} error=${errors["start.at"]}
      onValue=${(at) => onStart({ ...start, at })} />`}
    ${mode === "several" && html`<${Moments} ...${{ start, onStart, errors }} />`}
    ${mode === "recurring" && html`<${Recurrence} ...${{ start, onStart, errors }} />`}
    ${mode !== "now" && html`<${Zone} ...${{ start, onStart, errors }} />`}`;
}

/** One moment by the clock that is chosen below; one with an offset is a text. */
function Moment({ label, path, value, error, onValue }) {
  const isPlain = value === "" || LOCAL.test(value);
  return html`<div data-path=${path} class="grow"><${TextField} label=${label} ...${{ error, onValue }}
    type=${isPlain ? "datetime-local" : "text"} value=${isPlain ? value.slice(0, 16) : value} /></div>`;
}

function Moments({ start, onStart, errors }) {
  const set = (at) => onStart({ ...start, at });
  const drop = (row) => start.at.length > 1 && set(put(start.at, String(row), undefined));
  return html`<fieldset class="stack close" data-path="start.at"><legend class="label">At</legend>
    ${start.at.map((moment, row) => html`<div class="joined ends" key=${row}>
      <${Moment} label="Moment ${row + 1}" path="start.at.${row}" value=${moment} error=${errors[`start.at.${row}`]}
        onValue=${(text) => set(put(start.at, String(row), text))} />
      <button type="button" class="button quiet square" aria-label="Remove moment ${row + 1}"
        aria-disabled=${start.at.length > 1 ? undefined : "true"} onClick=${() => drop(row)}>
        <${Icon} name="cross" /></button></div>`)}
    ${errors["start.at"] && html`<${Wrong}>${errors["start.at"]}<//>`}
    <div><button type="button" class="button little" onClick=${() => set(inserted(start.at, start.at.length, ""))}>
      <${Icon} name="plus" size=${13} />Add a moment</button></div></fieldset>`;
}

const zones = () => Intl.supportedValuesOf("timeZone");

function Zone({ start, onStart, errors }) {
  const { zone } = start;
  const clock = zone === undefined || zone === "account" ? "account" : zone === "person" ? "person" : "zone";
  const own = { account: undefined, person: "person", zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  const choose = (next) => onStart(put(start, "zone", own[next]));
  return html`<${Choice} label="By whose clock" options=${CLOCKS} value=${clock} onValue=${choose} />
    ${clock === "zone" && html`<${NamedField} label="Time zone" names=${zones()} path="start.zone" value=${zone}
      onValue=${(text) => onStart({ ...start, zone: text })} error=${errors["start.zone"]} />`}`;
}
