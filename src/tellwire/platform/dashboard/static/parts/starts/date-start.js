// A start on a date: a property of the person or of an event, shifted, at a time of the day, perhaps each year.
import { html } from "/static/shared/ui/preact.js";
import { Choice, SelectField, TextField, Toggle } from "/static/shared/ui/fields.js";
import { put } from "../../document/tree.js";
import { NamedField } from "../editor/named-field.js";
import { Option } from "../editor/option.js";
import { SpanField } from "../editor/span-field.js";
import { Where } from "./event-start.js";

const SOURCES = [["Profile", "The person's"], ["Event", "An event's"]];
const MISSED = [["skip", "Leave it out"], ["now", "Start at once"], ["stop", "Never for this date again"]];

/** `[source, property]` of a text as "Profile.DOB". */
export function dateOf(text) {
  const [source, ...name] = text.split(".");
  return SOURCES.some(([key]) => key === source) ? [source, name.join(".")] : ["Profile", text];
}

export function DateStart({ start, onStart, known, errors }) {
  const [source, property] = dateOf(start.date);
  const set = (key, value) => onStart(put(start, key, value));
  const name = (text, of = source) => ({ ...start, date: text ? `${of}.${text}` : of === "Event" ? "Event." : "" });
  const choose = (next) => {
    const { event: _event, where: _where, ...own } = name(property, next);
    onStart(next === "Event" ? { ...own, event: "" } : own);
  };
  const error = (key) => errors[`start.${key}`];
  return html`
    <${Choice} label="Whose date" isLabelUnseen options=${SOURCES} value=${source} onValue=${choose} />
    ${source === "Event" && html`<${NamedField} label="Event" names=${known.events} path="start.event"
      value=${start.event ?? ""} onValue=${(text) => set("event", text)} error=${error("event")} />`}
    <div class="two">
      <${NamedField} label="Date in the property" path="start.date" value=${property} error=${error("date")}
        names=${source === "Event" ? known.propertiesOf(start.event) : known.profile}
        onValue=${(text) => onStart(name(text))} />
      <div data-path="start.at"><${TextField} label="At" type="time" hint="By the person's clock"
        value=${start.at ?? ""} onValue=${(text) => set("at", text || undefined)} error=${error("at")} /></div></div>
    <${Option} label="Earlier or later than the date" path="start.shift" value=${start.shift} first="-3 days"
      onValue=${(text) => set("shift", text)}>
      <${SpanField} label="How much" isSigned value=${start.shift} path="start.shift"
        onValue=${(text) => set("shift", text)} error=${error("shift")} /><//>
    <${Toggle} label="Every year" checked=${start.yearly === true}
      onValue=${(is) => set("yearly", is ? true : undefined)} />
    <div data-path="start.missed"><${SelectField} label="If the date has passed when it becomes known" options=${MISSED}
      value=${start.missed ?? "skip"} onValue=${(key) => set("missed", key === "skip" ? undefined : key)}
      error=${error("missed")} /></div>
    ${source === "Event" && html`<${Where} ...${{ start, onStart, known, errors }} />`}`;
}
