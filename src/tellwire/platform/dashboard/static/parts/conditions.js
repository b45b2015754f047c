// Conditions on properties, all of which must hold: property, operator, one or several values.
import { html, useId, useLayoutEffect, useRef } from "/static/shared/ui/preact.js";
import { Wrong } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { operatorChoices, valuesOf } from "../vocabulary.js";

const MEMBERS = ["", ".property", ".operator", ".value"]; // where the server may put what is wrong with one
const BAD = { "aria-invalid": "true" };

export function Conditions({ legend, hint, list, onList, known, errors, path }) {
  const names = useId();
  const box = useRef(null);
  const isNew = useRef(false);
  useLayoutEffect(() => { // before the next key arrives
    if (isNew.current) [...box.current.querySelectorAll("[data-name]")].at(-1)?.focus();
    isNew.current = false;
  });
  const put = (row, change) => onList(list.map((one, at) => (at === row ? { ...one, ...change } : one)));
  const add = () => { isNew.current = true; onList([...list, { property: "", operator: "equals", values: [""] }]); };
  const drop = (row) => {
    onList(list.filter((_, at) => at !== row));
    box.current.querySelector("[data-add]").focus();
  };
  const problem = (row) => MEMBERS.map((member) => errors[`${path}.${row}${member}`]);
  return html`<fieldset class="stack close" ref=${box}><legend class="label">${legend}</legend>
    ${hint && html`<p class="hint">${hint}</p>`}
    <datalist id=${names}>${known.map((name) => html`<option key=${name} value=${name} />`)}</datalist>
    ${list.map((one, row) => html`<${Row} key=${row} row=${row} condition=${one} names=${names} problem=${problem(row)}
      onPut=${(change) => put(row, change)} onDrop=${() => drop(row)} />`)}
    ${errors[path] && html`<${Wrong}>${errors[path]}<//>`}
    <div><button type="button" data-add class="button little" onClick=${add}><${Icon} name="plus" size=${13} />Add a
      condition</button></div>
  </fieldset>`;
}

const Row = ({ row, condition, names, problem, onPut, onDrop }) => html`<div class="condition">
  <input class="input" data-name aria-label="Property of condition ${row + 1}" placeholder="Property" list=${names}
    autocomplete="off" ...${(problem[0] || problem[1]) && BAD}
    value=${condition.property} onInput=${(event) => onPut({ property: event.currentTarget.value })} />
  <select class="select" aria-label="Operator of condition ${row + 1}" ...${problem[2] && BAD}
    value=${condition.operator} onChange=${(event) => onPut({ operator: event.currentTarget.value })}>
    ${operatorChoices().map(([key, word]) => html`
      <option key=${key} value=${key} selected=${key === condition.operator}>${word}</option>`)}
  </select>
  <${Values} row=${row} condition=${condition} mark=${problem[3] && BAD} onValues=${(values) => onPut({ values })} />
  <button type="button" class="button quiet square" aria-label="Remove condition ${row + 1}" onClick=${onDrop}>
    <${Icon} name="cross" /></button>
  ${problem.some(Boolean) && html`<${Wrong}>${problem.find(Boolean)}<//>`}</div>`;

/** The values shown for an operator: two for a range, at least one else, several where any of them will do. */
function shownValues({ operator, values }) {
  const most = valuesOf(operator);
  if (most === 2) return [values[0] ?? "", values[1] ?? ""];
  return values.length ? values.slice(0, Math.min(most, values.length)) : [""];
}

function Values({ row, condition, mark, onValues }) {
  const most = valuesOf(condition.operator);
  if (most === 0) return html`<span />`;
  const shown = shownValues(condition);
  const put = (at, text) => onValues(shown.map((old, k) => (k === at ? text : old)));
  const placeholder = (at) => (most === 2 ? ["from", "and"][at] : at ? "or" : "Value");
  const more = html`<button type="button" class="button" aria-label="or another value for condition ${row + 1}"
    onClick=${() => onValues([...shown, ""])}>or</button>`;
  return html`<div class="values">${shown.map((text, at) => html`<div class="joined" key=${at}>
    <input class="input" aria-label="Value ${at + 1} of condition ${row + 1}" placeholder=${placeholder(at)}
      autocomplete="off"
      ...${mark} value=${text} onInput=${(event) => put(at, event.currentTarget.value)} />
    ${most > 2 && at === shown.length - 1 && more}</div>`)}</div>`;
}
