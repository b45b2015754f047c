// A step that waits: for a time, until a time of the day, a weekday or a date; and the events that end it before.
import { html, useRef } from "/static/shared/ui/preact.js";
import { SelectField, TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { DAYS } from "../../document/recurrence.js";
import { inserted, put } from "../../document/tree.js";
import { NamedField } from "../editor/named-field.js";
import { Option } from "../editor/option.js";
import { SignalFields } from "../editor/signal-fields.js";
import { SpanField } from "../editor/span-field.js";
import { dateOf } from "../starts/date-start.js";

const KINDS = [["for", "For a time"], ["time", "Until a time of day"], ["weekday", "Until a weekday"],
  ["date", "Until a date"]];
const BLANK = {
  for: { for: "1 day" }, time: { until: "09:00" }, weekday: { until: { weekday: "monday", at: "09:00" } },
  date: { until: { date: "Profile." } },
};
const WEEKDAYS = DAYS.map(([, , name]) => [name.toLowerCase(), name]);
const SOURCES = [["Profile", "The person's"], ["Event", "The event's"]];

function kindOf({ for: span, until }) {
  if (span !== undefined) return "for";
  if (typeof until === "string") return "time";
  return until.weekday !== undefined || until.date === undefined ? "weekday" : "date";
}

export function WaitForm({ wait, onWait, path, known, errors }) {
  const others = useRef({}); // what stood there before another kind was chosen
  const kind = kindOf(wait);
  const { for: span, until, ...rest } = wait;
  const choose = (next) => {
    others.current[kind] = span === undefined ? { until } : { for: span };
    onWait({ ...(others.current[next] ?? BLANK[next]), ...rest });
  };
  const setUntil = (next) => onWait({ ...wait, until: next });
  const error = (at) => errors[`${path}.${at}`];
  return html`<div class="stack close">
    <${SelectField} label="Wait" options=${KINDS} value=${kind} onValue=${choose} />
    ${kind === "for" && html`<${SpanField} label="How long" value=${span} path="${path}.for" error=${error("for")}
      onValue=${(text) => onWait({ ...wait, for: text })} />`}
    ${kind === "time" && html`<div data-path="${path}.until"><${TextField} label="Until" type="time"
      hint="The next time that the person's clock shows it" value=${until} onValue=${setUntil}
      error=${error("until")} /></div>`}
    ${kind === "weekday" && html`<div class="two" data-path="${path}.until">
      <${SelectField} label="Weekday" options=${WEEKDAYS} value=${until.weekday ?? "monday"}
        onValue=${(day) => setUntil({ ...until, weekday: day })} error=${error("until.weekday")} />
      <${TextField} label="At" type="time" value=${until.at ?? ""} error=${error("until.at") ?? error("until")}
        onValue=${(at) => setUntil({ ...until, at })} /></div>`}
    ${kind === "date" && html`<${UntilDate} ...${{ until, setUntil, known, errors }} path="${path}.until" />`}
    <${Answers} answers=${wait.or ?? []} path="${path}.or" ...${{ known, errors }}
      onAnswers=${(or) => onWait(put(wait, "or", or.length ? or : undefined))} /></div>`;
}

function UntilDate({ until, setUntil, known, errors, path }) {
  const [source, property] = dateOf(until.date);
  const error = (at) => errors[`${path}.${at}`];
  return html`<div class="two" data-path=${path}>
      <${SelectField} label="Whose date" options=${SOURCES} value=${source}
        onValue=${(next) => setUntil({ ...until, date: `${next}.${property}` })} />
      <${NamedField} label="Date in the property" value=${property} path="${path}.date" error=${error("date")}
        names=${source === "Event" ? known.propertiesOf(known.event) : known.profile}
        onValue=${(text) => setUntil({ ...until, date: `${source}.${text}` })} /></div>
    <${Option} label="Earlier or later than the date" value=${until.shift} first="-2 hours" path="${path}.shift"
      onValue=${(shift) => setUntil(put(until, "shift", shift))}><${SpanField} label="How much" isSigned
        value=${until.shift} onValue=${(shift) => setUntil({ ...until, shift })} error=${error("shift")} /><//>
    <${Option} label="At a time of that day" value=${until.at} first="09:00" path="${path}.at"
      onValue=${(at) => setUntil(put(until, "at", at))}><${TextField} label="At" type="time" value=${until.at}
        onValue=${(at) => setUntil({ ...until, at })} error=${error("at")} /><//>`;
}

const THEN = [["leave", "They leave the campaign"], ["go", "They go on with the steps of that branch"]];

function Answers({ answers, onAnswers, path, known, errors }) {
  const set = (at, answer) => onAnswers(put(answers, String(at), answer));
  const draw = (answer, at) => html`<fieldset class="stack close boxed" key=${at}>
    <legend class="unseen">Event ${at + 1}</legend>
    <button type="button" class="button quiet square corner" aria-label="Remove event ${at + 1}"
      onClick=${() => set(at, undefined)}><${Icon} name="cross" /></button>
    <${SignalFields} label="Event ${at + 1}" signal=${answer} onSignal=${(next) => set(at, next)} path="${path}.${at}"
      hasSame=${known.event !== ""} ...${{ known, errors }} />
    <${SelectField} label="Then" options=${THEN} value=${answer.steps ? "go" : "leave"}
      onValue=${(key) => set(at, put(answer, "steps", key === "go" ? answer.steps ?? [] : undefined))} /></fieldset>`;
  return html`<div class="stack close" data-path=${path}>${answers.map(draw)}
    <div><button type="button" class="button little"
      onClick=${() => onAnswers(inserted(answers, answers.length, { event: "", steps: [] }))}>
      <${Icon} name="plus" size=${13} />Or until an event</button></div></div>`;
}
