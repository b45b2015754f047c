// Durations and limits: a number and a unit, and a number for each of them.
import { html, useState } from "/static/shared/ui/preact.js";
import { TextField, Wrong } from "/static/shared/ui/fields.js";
import { UNITS, perOf, perText, spanOf, spanText } from "../../document/spans.js";

const many = (unit, amount) => (amount === "1" ? unit : `${unit}s`);
const SIDES = [["-", "before"], ["", "after"]];

/** The number and the unit of a duration; `sides` lets it be before or after. */
function Span({ label, value, onValue, isSigned = false, isWrong }) {
  const [unit, setUnit] = useState(spanOf(value)?.unit ?? "day"); // while there is no number
  const span = spanOf(value) ?? { amount: "", unit, sign: isSigned ? "-" : "" };
  const put = (change) => {
    const next = { ...span, ...change };
    setUnit(next.unit);
    onValue(spanText(next));
  };
  return html`<input class="input few" type="number" min="1" step="1" inputmode="numeric" aria-label=${label}
      aria-invalid=${isWrong ? "true" : undefined} value=${span.amount}
      onInput=${(event) => put({ amount: event.currentTarget.value.replace(/\D/g, "") })} />
    <select class="select" aria-label="Unit of ${label.toLowerCase()}" value=${span.unit}
      onChange=${(event) => put({ unit: event.currentTarget.value })}>
      ${UNITS.map((one) => html`<option key=${one} value=${one} selected=${one === span.unit}>
        ${many(one, span.amount)}</option>`)}</select>
    ${isSigned && html`<select class="select" aria-label="Before or after" value=${span.sign}
      onChange=${(event) => put({ sign: event.currentTarget.value })}>
      ${SIDES.map(([sign, word]) => html`<option key=${word} value=${sign} selected=${sign === span.sign}>${word}
        </option>`)}</select>`}`;
}

/** A duration in words of the language; one that is no number and unit is a text. */
export function SpanField({ label, value = "", onValue, error, path, hint, isSigned = false }) {
  if (value !== "" && !spanOf(value)) {
    return html`<div data-path=${path}><${TextField} ...${{ label, value, onValue, error, hint }} /></div>`;
  }
  return html`<div class="field" data-path=${path}><span class="label" aria-hidden="true">${label}</span>
    <div class="span"><${Span} ...${{ label, value, onValue, isSigned }} isWrong=${Boolean(error)} /></div>
    ${hint && html`<p class="hint">${hint}</p>`}${error && html`<${Wrong}>${error}<//>`}</div>`;
}

/** A limit: so many in a time. `what` is counted, as "messages". */
export function PerField({ label, what, value, onValue, error, path }) {
  const per = perOf(value);
  if (!per) return html`<div data-path=${path}><${TextField} ...${{ label, value, onValue, error }} /></div>`;
  const count = (event) => onValue(perText({ ...per, count: event.currentTarget.value.replace(/\D/g, "") || "1" }));
  const least = spanText({ ...spanOf(per.span), amount: "1" });
  const within = (text) => onValue(perText({ count: per.count, span: text || least }));
  return html`<div class="field" data-path=${path}><div class="span">
    <input class="input few" type="number" min="1" step="1" inputmode="numeric" aria-label=${label}
      aria-invalid=${error ? "true" : undefined} value=${per.count} onInput=${count} />
    <span class="muted">${what} in</span>
    <${Span} label="Time of ${label.toLowerCase()}" value=${per.span} onValue=${within} /></div>
    ${error && html`<${Wrong}>${error}<//>`}</div>`;
}
