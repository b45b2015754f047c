// A list of names and values: headers, query parameters, form fields, token values.
import { html, useId, useLayoutEffect, useRef } from "./preact.js";
import { Icon } from "./icons.js";
import { Wrong } from "./fields.js";

export const MASK = "***"; // what the server says instead of a stored secret, and takes back to keep it

export function Pairs({ legend, hint, pairs, onPairs, nameLabel = "Name", valueLabel = "Value", add = "Add",
  errors = {}, path, suggestions = [] }) {
  const id = useId();
  const box = useRef(null);
  const wanted = useRef(-1); // the row whose name gets the focus once it is drawn
  useLayoutEffect(() => { // before the next key arrives
    if (wanted.current < 0) return;
    const inputs = box.current.querySelectorAll("[data-name]");
    (inputs[wanted.current] ?? box.current.querySelector("[data-add]")).focus();
    wanted.current = -1;
  });
  const put = (row, column, text) =>
    onPairs(pairs.map((pair, at) => (at === row ? pair.map((old, k) => (k === column ? text : old)) : pair)));
  const drop = (row) => { wanted.current = row; onPairs(pairs.filter((_, at) => at !== row)); };
  const append = () => { wanted.current = pairs.length; onPairs([...pairs, ["", ""]]); };
  const wrong = (row, ...members) => members.map((member) => errors[`${path}.${row}${member}`]).find(Boolean);
  const problem = (row) => wrong(row, "", ".name", ".0", ".value", ".1");
  const marks = (row, ...members) => wrong(row, "", ...members)
    && { "aria-invalid": "true", "aria-describedby": `${id}-${row}` };

  return html`<fieldset class="field" ref=${box}>
    <legend class="label">${legend}</legend>
    ${hint && html`<p class="hint">${hint}</p>`}
    <datalist id=${id}>${suggestions.map((text) => html`<option key=${text} value=${text} />`)}</datalist>
    ${pairs.map(([name, value], row) => html`<div class="pair" key=${row}>
      <input class="input mono" data-name aria-label="${nameLabel} ${row + 1}" placeholder=${nameLabel} list=${id}
        spellcheck=${false}
        autocomplete="off" ...${marks(row, ".name", ".0")}
        value=${name} onInput=${(event) => put(row, 0, event.currentTarget.value)} />
      <input class="input mono" aria-label="${valueLabel} of ${name || `row ${row + 1}`}" spellcheck=${false}
        autocomplete="off"
        ...${marks(row, ".value", ".1")}
        placeholder=${value === MASK ? "Stored. Type to replace it" : valueLabel} value=${value === MASK ? "" : value}
        onInput=${(event) => put(row, 1, event.currentTarget.value)} />
      <button type="button" class="button quiet square" aria-label="Remove ${name || `row ${row + 1}`}"
        onClick=${() => drop(row)}><${Icon} name="cross" /></button>
      ${problem(row) && html`<${Wrong} id="${id}-${row}">${problem(row)}<//>`}
    </div>`)}
    ${errors[path] && html`<${Wrong}>${errors[path]}<//>`}
    <div><button type="button" data-add class="button little" onClick=${append}><${Icon} name="plus" size=${13} />${add}
      </button></div>
  </fieldset>`;
}
