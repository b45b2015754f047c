// The head and the rows of a table.
import { html, useEffect, useRef } from "../preact.js";
import { Icon } from "../icons.js";
import { ariaSort } from "./sorting.js";

const kindOf = (column) => (column.isNumber ? "k-number" : undefined);
const dash = html`<span class="k-muted">–</span>`;

/** A box to tick; `press(isWithShift)`. A part of all is neither on nor off. */
function Tick({ label, state, press, tabindex }) {
  const box = useRef(null);
  const isShift = useRef(false);
  useEffect(() => { box.current.indeterminate = state === "some"; }, [state]);
  const note = (event) => {
    isShift.current = event.shiftKey;
    if (event.shiftKey) event.preventDefault(); // it would mark the text between
  };
  return html`<label class="k-tick" onMouseDown=${note}>
    <input type="checkbox" ref=${box} aria-label=${label} checked=${state === "all"} tabindex=${tabindex}
      onKeyDown=${(event) => { isShift.current = event.shiftKey; }}
      onClick=${(event) => press(event.shiftKey || isShift.current)} /></label>`;
}

export function Head({ columns, sort, onSort, hasTicks, ticks, tickAll }) {
  return html`<thead><tr aria-rowindex="1">
    ${hasTicks && html`<th class="k-tick-cell" scope="col">
      <${Tick} label="Select all rows" state=${ticks} press=${tickAll} /></th>`}
    ${columns.map((column) => html`<th key=${column.key} scope="col" class=${kindOf(column)}
      aria-sort=${column.isUnsortable ? undefined : ariaSort(sort, column.key)}>
      ${column.isUnsortable ? html`<span class=${column.isNameUnseen ? "k-unseen" : undefined}>${column.name}</span>`
      : html`<button type="button" class="k-sort" onClick=${() => onSort(column.key)}><span class="k-cut">${column.name}
        ${column.unit && html`<span class="k-muted">, ${column.unit}</span>`}</span>
        <${Icon} name="down" size=${11} /></button>`}</th>`)}</tr></thead>`;
}

/** One row; `at` is its place among all. Its first column is the row's name, a link where the row opens something. */
export function Row({ row, at, columns, hrefOf, isActive, isCurrent, isTicked, hasTicks, tick, focus }) {
  const name = String(columns[0].value(row) ?? "");
  const href = hrefOf?.(row);
  return html`<tr aria-rowindex=${at + 2} data-at=${at} tabindex=${isActive ? 0 : -1} onFocusIn=${focus}
    class=${[isTicked && "k-ticked", isCurrent && "k-current"].filter(Boolean).join(" ") || undefined}>
    ${hasTicks && html`<td class="k-tick-cell">
      <${Tick} label="Select ${name}" state=${isTicked ? "all" : "none"} press=${tick} tabindex=${isActive ? 0 : -1} />
      </td>`}
    ${columns.map((column, k) => {
      const content = column.cell ? column.cell(row) : column.value(row) ?? dash;
      if (k > 0) return html`<td key=${column.key} class=${kindOf(column)}>${content}</td>`;
      return html`<th scope="row" key=${column.key} class=${kindOf(column)}>${href
        ? html`<a class="whole k-cut" href=${href} tabindex=${isActive ? 0 : -1}
          aria-current=${isCurrent ? "true" : undefined} title=${column.cell ? undefined : name}>${content}</a>`
        : html`<span class="k-cut" title=${column.cell ? undefined : name}>${content}</span>`}</th>`;
    })}</tr>`;
}

/** The room of rows that are not drawn. */
export const Room = ({ px, span }) => px > 0 && html`
  <tr aria-hidden="true" class="k-room" style=${{ height: `${px}px` }}><td colspan=${span} /></tr>`;

/** Rows of the final height, until the first ones are here. */
export const BoneRows = ({ count, columns, hasTicks }) => Array.from({ length: count }, (_, at) => html`
  <tr key=${at} aria-hidden="true">${hasTicks && html`<td class="k-tick-cell" />`}
    ${columns.map((column, k) => html`<td key=${column.key} class=${kindOf(column)}>
      <span class="k-bone" style=${{ width: `${[70, 55, 85, 45][(at + k) % 4]}%` }} /></td>`)}</tr>`);
