// Hours in which nobody is written to: the message waits until they end, or is dropped.
import { html } from "/static/shared/ui/preact.js";
import { SelectField, TextField, Wrong } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { DAYS } from "../../document/recurrence.js";
import { isShownQuiet } from "../../document/steps.js";
import { inserted, put } from "../../document/tree.js";
import { Option } from "../editor/option.js";
import { RawPart } from "../editor/raw-part.js";

const NIGHT = { from: "22:00", to: "08:00" };
const ZONES = [["person", "Each person's clock"], ["account", "The account's clock"]];
const THEN = [["delay", "wait until they end"], ["discard", "are dropped"]];

export function Quiet({ quiet, onQuiet, errors }) {
  const list = quiet === undefined ? undefined : [quiet].flat();
  if (list && !isShownQuiet(list)) {
    return html`<${RawPart} label="Quiet hours" value=${quiet} onValue=${onQuiet} path="quiet"
      error=${errors.quiet} />`;
  }
  const set = (next) => onQuiet(next?.length ? next : undefined);
  return html`<${Option} label="Quiet hours" path="quiet" value=${list} first=${[NIGHT]} onValue=${set}
    hint="Beside those of the account.">
    ${(list ?? []).map((one, at) => html`<${Hours} key=${at} hours=${one} number=${at + 1} errors=${errors}
      path=${Array.isArray(quiet) ? `quiet.${at}` : "quiet"} onHours=${(next) => set(put(list, String(at), next))} />`)}
    <div><button type="button" class="button little" onClick=${() => set(inserted(list, list.length, NIGHT))}>
      <${Icon} name="plus" size=${13} />Add quiet hours</button></div><//>`;
}

function Hours({ hours, number, path, onHours, errors }) {
  const { days = [], zone = "person", then = "delay" } = hours;
  const set = (key, value) => onHours(put(hours, key, value));
  const turn = (day) => {
    const next = days.includes(day) ? days.filter((one) => one !== day) : [...days, day];
    set("days", next.length ? next : undefined);
  };
  return html`<fieldset class="stack close boxed" data-path=${path}>
    <legend class="unseen">Quiet hours ${number}</legend>
    <div class="row">${[["from", "From"], ["to", "To"]].map(([key, label]) => html`<div key=${key}>
      <${TextField} label=${label} type="time" value=${hours[key]} onValue=${(text) => set(key, text)}
        error=${errors[`${path}.${key}`]} /></div>`)}
      <button type="button" class="button quiet square push" aria-label="Remove quiet hours ${number}"
        onClick=${() => onHours(undefined)}><${Icon} name="cross" /></button></div>
    <fieldset><legend class="small muted">On these days only; none is every day</legend><div class="chips">
      ${DAYS.map(([code, short, name]) => html`<button type="button" key=${code} class="chip" title=${name}
        aria-pressed=${String(days.includes(name.toLowerCase()))} onClick=${() => turn(name.toLowerCase())}>${short}
        </button>`)}</div></fieldset>
    <div class="two">
      <${SelectField} label="By" options=${ZONES} value=${zone}
        onValue=${(key) => set("zone", key === "person" ? undefined : key)} />
      <${SelectField} label="Messages" options=${THEN} value=${then}
        onValue=${(key) => set("then", key === "delay" && hours.then === undefined ? undefined : key)} /></div>
    ${errors[path] && html`<${Wrong}>${errors[path]}<//>`}</fieldset>`;
}
