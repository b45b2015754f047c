// How much at most: to one person, in one run, a day, and in a time to everybody together.
import { html } from "/static/shared/ui/preact.js";
import { TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { isShownLimits } from "../../document/steps.js";
import { put, saying } from "../../document/tree.js";
import { Option } from "../editor/option.js";
import { RawPart } from "../editor/raw-part.js";
import { PerField, SpanField } from "../editor/span-field.js";

const CAP = "1 per 24 hours";
const MORE = "3 per 7 days";
/** @type {[string, string, number, string][]} */
const NUMBERS = [
  ["ever", "How often one person may enter", 1, "times ever"],
  ["per_run", "Limit of one run", 10_000, "messages"],
  ["per_day", "Limit of a day", 10_000, "messages, by the account's day"],
];

/** `limits` are undefined where there are none. */
export function Limits({ limits: said, onLimits, errors }) {
  /** @type {any} */
  const limits = said ?? {};
  if (!isShownLimits(limits)) {
    return html`<${RawPart} label="Limits" value=${limits} onValue=${onLimits} path="limits" error=${errors.limits} />`;
  }
  const set = (key, value) => {
    const next = saying(put(limits, key, value));
    onLimits(Object.keys(next).length ? next : undefined);
  };
  const [ever, ...sums] = NUMBERS;
  const number = ([key, label, first, unit]) => html`<${Amount} key=${key} ...${{ label, first, unit }}
    path="limits.${key}" value=${limits[key]} onValue=${(value) => set(key, value)}
    error=${errors[`limits.${key}`]} />`;
  return html`
    <${Caps} caps=${limits.per_person} onCaps=${(caps) => set("per_person", caps)} errors=${errors} />
    ${number(ever)}
    <${Option} label="A pause between two messages to one person" path="limits.gap" value=${limits.gap} first="12 hours"
      onValue=${(text) => set("gap", text)}>
      <${SpanField} label="At least" value=${limits.gap} onValue=${(text) => set("gap", text || "1 hour")}
        path="limits.gap" error=${errors["limits.gap"]} /><//>
    ${sums.map(number)}
    <${Option} label="Not all at once" path="limits.throttle" value=${limits.throttle} first="500 per 5 minutes"
      hint="As 500 messages in 5 minutes." onValue=${(text) => set("throttle", text)}>
      <${PerField} label="At most" what="messages" value=${limits.throttle} onValue=${(text) => set("throttle", text)}
        path="limits.throttle" error=${errors["limits.throttle"]} /><//>
    <${Option} label="No more of a run after an hour" path="limits.cut_off" value=${limits.cut_off} first="18:00"
      onValue=${(text) => set("cut_off", text)}>
      <${TextField} label="Cut off at" type="time" hint="By the account's clock" value=${limits.cut_off}
        onValue=${(text) => set("cut_off", text || "18:00")} error=${errors["limits.cut_off"]} /><//>`;
}

const Amount = ({ label, first, unit, value, onValue, path, error }) => html`<${Option} label=${label} path=${path}
  value=${value} first=${first} onValue=${onValue}>
  <div class="span"><${TextField} label="At most" isLabelUnseen type="number" min="1" step="1" inputmode="numeric"
    class="few" value=${value} error=${error}
    onValue=${(text) => onValue(Math.max(1, Math.round(Number(text)) || 1))} />
    <span class="muted">${unit}</span></div><//>`;

function Caps({ caps, onCaps, errors }) {
  const drop = (at) => onCaps(put(caps, String(at), undefined));
  return html`<${Option} label="A cap for each person" path="limits.per_person" value=${caps} first=${[CAP]}
    hint="At most so many of this campaign's messages in a time." onValue=${onCaps}>
    ${(caps ?? []).map((cap, at) => html`<div class="joined" key=${at}>
      <div class="grow"><${PerField} label="Cap ${at + 1}" what="messages" value=${cap}
        path="limits.per_person.${at}" error=${errors[`limits.per_person.${at}`]}
        onValue=${(text) => onCaps(put(caps, String(at), text))} /></div>
      <button type="button" class="button quiet square" aria-label="Remove cap ${at + 1}" onClick=${() => drop(at)}>
        <${Icon} name="cross" /></button></div>`)}
    <div><button type="button" class="button little" onClick=${() => onCaps([...caps, MORE])}>
      <${Icon} name="plus" size=${13} />Add a cap</button></div><//>`;
}
