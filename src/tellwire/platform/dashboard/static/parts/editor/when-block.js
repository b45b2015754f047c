// When: what starts the campaign, how often one person may be inside, what ends it early, and from when until when.
import { html, useRef } from "/static/shared/ui/preact.js";
import { Choice, SelectField, TextField } from "/static/shared/ui/fields.js";
import { START_KINDS, blankStart, isShownStart, startKind } from "../../document/starts.js";
import { isShownSignal } from "../../document/steps.js";
import { put } from "../../document/tree.js";
import { fromLocalInput, toLocalInput } from "../../words.js";
import { CallStart } from "../starts/call-start.js";
import { DateStart } from "../starts/date-start.js";
import { EventStart } from "../starts/event-start.js";
import { JoinsStart } from "../starts/joins-start.js";
import { ScheduleStart } from "../starts/schedule-start.js";
import { NamedField } from "./named-field.js";
import { Option } from "./option.js";
import { RawPart } from "./raw-part.js";
import { SignalFields } from "./signal-fields.js";

const FIELDS = { event: EventStart, date: DateStart, schedule: ScheduleStart, joins: JoinsStart, call: CallStart };
const AGAIN = [["ignore", "Leave them as they are"], ["restart", "Begin anew"], ["beside", "Be inside twice"]];
const KEY = "A person may be inside once for each of its values.";

export function WhenBlock({ document, onDocument, known, errors }) {
  const set = (path, value) => onDocument(put(document, path, value));
  return html`<div class="stack">
    <${Start} start=${document.start} onStart=${(start) => set("start", start)} ...${{ known, errors }} />
    <${Inside} ...${{ document, set, known, errors }} />
    <${Stop} ...${{ document, set, known, errors }} />
    <${Period} ...${{ document, set, errors }} /></div>`;
}

function Start({ start, onStart, known, errors }) {
  const others = useRef({}); // what stood there before another kind was chosen
  if (!isShownStart(start)) {
    return html`<${RawPart} label="Start" value=${start} onValue=${onStart} path="start" error=${errors.start} />`;
  }
  const kind = startKind(start);
  const choose = (next) => {
    others.current[kind] = start;
    onStart(others.current[next] ?? blankStart(next));
  };
  const Fields = FIELDS[kind];
  return html`<div class="stack close" data-path="start">
    <${Choice} label="Starts with" isLabelUnseen options=${START_KINDS} value=${kind} onValue=${choose} />
    <${Fields} ...${{ start, onStart, known, errors }} /></div>`;
}

const PREFIX = "Event.";

/** How often one person may be inside: only what an event starts has a property to tell them apart by. */
function Inside({ document, set, known, errors }) {
  const { start, key, again = "ignore" } = document;
  const name = key?.startsWith(PREFIX) ? key.slice(PREFIX.length) : key ?? "";
  const write = (text) => set("key", text ? `${PREFIX}${text}` : undefined);
  return html`<div class="two">
    ${(start?.event !== undefined || key) && html`<${NamedField} label="Once for each" hint=${KEY} optional path="key"
      placeholder="cart_id" names=${known.propertiesOf(start?.event)} value=${name} onValue=${write}
      error=${errors.key} />`}
    <div data-path="again"><${SelectField} label="Who enters while inside" options=${AGAIN} value=${again}
      onValue=${(value) => set("again", value === "ignore" ? undefined : value)} error=${errors.again} /></div></div>`;
}

function Stop({ document, set, known, errors }) {
  const { stop } = document;
  if (stop && !isShownSignal(stop)) {
    return html`<${RawPart} label="Stop" value=${stop} onValue=${(value) => set("stop", value)} path="stop"
      error=${errors.stop} />`;
  }
  return html`<${Option} label="Ends early by an event" path="stop" value=${stop} first=${{ event: "" }}
    hint="As when they buy: it is looked at when it happens, also during a wait."
    onValue=${(value) => set("stop", value)}>
    <${SignalFields} label="Event that ends it" signal=${stop} path="stop" ...${{ known, errors }}
      hasSame=${document.start?.event !== undefined} onSignal=${(value) => set("stop", value)} /><//>`;
}

const isLocal = (text) => text === undefined || !Number.isNaN(Date.parse(text));

const Period = ({ document, set, errors }) => html`<div class="two">${[
  ["from", "Starts", "Your local time; empty: when published", "starts_at"],
  ["until", "Ends", "Empty: when stopped", "ends_at"],
].map(([name, label, hint, other]) => {
  const value = document[name];
  const field = { label, hint, optional: true, error: errors[name] ?? errors[other] };
  return html`<div key=${name} data-path=${errors[other] ? other : name}>${isLocal(value)
    ? html`<${TextField} ...${field} type="datetime-local" value=${toLocalInput(value)}
      onValue=${(text) => set(name, fromLocalInput(text) ?? undefined)} />`
    : html`<${TextField} ...${field} value=${value} onValue=${(text) => set(name, text || undefined)} />`}</div>`;
})}</div>`;
