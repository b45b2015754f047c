// What stands above a table: its filters, which columns it has, and the same rows as a file.
import { html, useRef, useState } from "../preact.js";
import { Icon } from "../icons.js";
import { Popover } from "../popover.js";
import { inSlices } from "../slices.js";
import { chosenAfter, shownColumns } from "./columns.js";
import { csvPieces } from "./csv.js";

const KEPT_MS = 60_000; // a browser has begun to save by then

async function save(name, columns, rows) {
  const pieces = await inSlices(csvPieces(columns, rows));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(pieces, { type: "text/csv;charset=utf-8" }));
  link.download = `${name} ${new Date().toISOString().slice(0, 10)}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

/** Saves the rows as CSV: those selected if any are, else all. */
export function CsvButton({ name, columns, rows }) {
  const [isBusy, setBusy] = useState(false);
  const run = useRef(false);
  const press = async () => {
    if (run.current) return;
    run.current = true;
    setBusy(true);
    await save(name, columns, rows).finally(() => { run.current = false; setBusy(false); });
  };
  return html`<button type="button" class="button little" onClick=${press} aria-disabled=${isBusy ? "true" : undefined}>
    <${Icon} name="file" size=${13} />CSV</button>`;
}

export function ColumnsButton({ columns, chosen, choose }) {
  const shown = shownColumns(columns, chosen, false);
  return html`<${Popover} side="end" class="button little" button=${html`<${Icon} name="columns" size=${13} />Columns`}>
    ${() => html`<fieldset class="k-columns"><legend class="k-unseen">Columns</legend>
      ${columns.map((column) => html`<label key=${column.key} class="k-check">
        <input type="checkbox" checked=${shown.includes(column)} disabled=${column.isFixed}
          onChange=${() => choose(chosenAfter(columns, chosen, column.key))} />${column.name}</label>`)}
      </fieldset>
      <button type="button" class="button quiet little" onClick=${() => choose(null)}>As at first</button>`}<//>`;
}
