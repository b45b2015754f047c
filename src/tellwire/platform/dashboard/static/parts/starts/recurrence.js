// When a schedule comes again: every so many days, weeks, months or years; as a rule of RFC 5545 where that says more.
import { html, useState } from "/static/shared/ui/preact.js";
import { SelectField, TextField, Toggle } from "/static/shared/ui/fields.js";
import { DAYS, recurrenceOf, recurrenceText } from "../../document/recurrence.js";
import { put } from "../../document/tree.js";

const FREQUENCIES = [["DAILY", "days"], ["WEEKLY", "weeks"], ["MONTHLY", "months"], ["YEARLY", "years"]];
const MONTHS = Array.from({ length: 12 }, (_, at) =>
  [String(at + 1), new Intl.DateTimeFormat(undefined, { month: "long" }).format(new Date(2000, at, 1))]);
const DAYS_OF_MONTH = [...Array.from({ length: 31 }, (_, at) => [String(at + 1), String(at + 1)]), ["-1", "the last"]];
const PLAIN = "FREQ=WEEKLY;BYDAY=MO";
const RAW = "As RFC 5545 writes it: FREQ=MONTHLY;BYDAY=2TU is the second Tuesday of each month.";

export function Recurrence({ start, onStart, errors }) {
  const set = (key, value) => onStart(put(start, key, value));
  const recurrence = recurrenceOf(start.rule);
  const [isChosen, setChosen] = useState(false); // that it is written by hand, though the controls could show it
  const isRaw = isChosen || !recurrence;
  const choose = (isOn) => {
    setChosen(isOn);
    if (!isOn && !recurrence) set("rule", PLAIN);
  };
  const error = (key) => errors[`start.${key}`];
  return html`
    ${!isRaw ? html`<${Every} ...${{ recurrence }} error=${error("rule")}
      onRecurrence=${(next) => set("rule", recurrenceText(next))} />`
      : html`<div data-path="start.rule"><${TextField} label="Rule" hint=${RAW} class="mono" value=${start.rule}
        onValue=${(text) => set("rule", text)} error=${error("rule")} /></div>`}
    <${Toggle} label="Write the rule myself" checked=${isRaw} onValue=${choose} />
    <div class="three">
      <div data-path="start.at"><${TextField} label="At" type="time" value=${start.at ?? ""}
        onValue=${(text) => set("at", text)} error=${error("at")} /></div>
      ${[["from", "First day"], ["until", "Last day"]].map(([name, label]) => html`<div key=${name}
        data-path="start.${name}"><${TextField} label=${label} optional error=${error(name)}
          type=${/^(\d{4}-\d\d-\d\d)?$/.test(start[name] ?? "") ? "date" : "text"} value=${start[name] ?? ""}
          onValue=${(text) => set(name, text || undefined)} /></div>`)}</div>`;
}

function Every({ recurrence, onRecurrence, error }) {
  const { frequency, interval, days, day, month } = recurrence;
  const put = (change) => onRecurrence({ ...recurrence, ...change });
  const turn = (code) => put({ days: days.includes(code) ? days.filter((one) => one !== code) : [...days, code] });
  const first = { WEEKLY: { days: ["MO"], day: "", month: "" }, MONTHLY: { days: [], day: "1", month: "" },
    YEARLY: { days: [], day: "1", month: "1" }, DAILY: { days: [], day: "", month: "" } };
  return html`<div class="stack close" data-path="start.rule">
    <div class="span"><span class="muted">Every</span>
      <input class="input few" type="number" min="1" max="1000" aria-label="Every" value=${interval}
        aria-invalid=${error ? "true" : undefined}
        onInput=${(event) => put({ interval: event.currentTarget.value.replace(/\D/g, "") || "1" })} />
      <select class="select" aria-label="Unit of every" value=${frequency}
        onChange=${(event) => put({ frequency: event.currentTarget.value, ...first[event.currentTarget.value] })}>
        ${FREQUENCIES.map(([key, word]) => html`<option key=${key} value=${key} selected=${key === frequency}>${word}
          </option>`)}</select></div>
    ${frequency === "WEEKLY" && html`<fieldset><legend class="unseen">On</legend><div class="chips">
      ${DAYS.map(([code, short, name]) => html`<button type="button" key=${code} class="chip" title=${name}
        aria-pressed=${String(days.includes(code))} onClick=${() => turn(code)}>${short}</button>`)}</div></fieldset>`}
    ${["MONTHLY", "YEARLY"].includes(frequency) && html`<div class="two">
      <${SelectField} label="On day" options=${DAYS_OF_MONTH} value=${day} onValue=${(text) => put({ day: text })} />
      ${frequency === "YEARLY" && html`<${SelectField} label="Of" options=${MONTHS} value=${month}
        onValue=${(text) => put({ month: text })} />`}</div>`}
    ${error && html`<p class="wrong">${error}</p>`}</div>`;
}
