// A table of any length: one line a row, sorted, selected and walked through by keys; only what is seen is drawn.
import { html, useEffect, useMemo, useRef, useState } from "../preact.js";
import { number } from "../words.js";
import { leastRem, shownColumns } from "./columns.js";
import { BoneRows, Head, Room, Row } from "./row.js";
import { NONE, allToggled, extended, extent, kept, reached, toggled } from "./selection.js";
import { nextSort } from "./sorting.js";
import { ColumnsButton, CsvButton } from "./tools.js";
import { useChosen } from "./use-chosen.js";
import { useKeys } from "./use-keys.js";
import { useSorted } from "./use-sorted.js";
import { useView } from "./use-view.js";

const TICK_REM = 2.5;
const NOTHING = [];

/** The sort that the page keeps (in its address), or the table's own. */
function useSort({ sort, onSort }) {
  const [own, setOwn] = useState(sort ?? null);
  const now = onSort ? sort ?? null : own;
  return [now, (key) => (onSort ?? setOwn)(nextSort(now, key))];
}

/** What is selected among these rows. */
function useSelection(order) {
  const [selection, setSelection] = useState(NONE);
  const there = useMemo(() => kept(selection, order), [selection, order]);
  const change = (gesture, ...rest) => setSelection((old) => gesture(kept(old, order), ...rest));
  return {
    ids: there.ids, ticks: extent(there, order),
    tick: (id, isRange) => (isRange ? change(reached, id, order) : change(toggled, id)),
    tickAll: () => change(allToggled, order),
    extend: (from, to) => change(extended, from, to),
    clear: () => setSelection(NONE),
  };
}

/**
 * `rows` undefined: they are on their way. `name` is what the table holds ("Campaigns"): its label, its file and
 * where its columns are kept. `columns`: see columns.js; the first one names the row.
 * `hrefOf(row)` is what a row opens; `currentId` is the one that is open.
 * `bulk(ids, clear)` draws what can be done with the selected rows; without it there is nothing to select.
 * `keys` are letters with what they do: `{e: (row) => ...}`. `tools` stands above, `empty` instead of no rows,
 * `footer` below. `height` limits the table, which then scrolls in itself; "none" draws all rows.
 */
export function Table({ name, rows, columns, idOf = (row) => row.id, hrefOf, currentId, sort, onSort, bulk, keys = {},
  tools, empty, footer, boneRows = 8, height, isMain = false, hasTools = true }) {
  const box = useRef(null);
  const [sorted, sortBy] = useSort({ sort, onSort });
  const [chosen, choose] = useChosen(name, columns);
  const { sorted: all, isSorting } = useSorted(rows ?? NOTHING, sorted, columns);
  const order = useMemo(() => all.map(idOf), [all]);
  const picked = useSelection(order);
  const view = useView(box, name, all.length);
  const shown = shownColumns(columns, chosen, view.isNarrow);
  const hasTicks = Boolean(bulk);
  const span = shown.length + Number(hasTicks);

  const act = (key, id, target) => {
    const at = id === null ? -1 : order.indexOf(id);
    if (hasTicks && key === "Escape" && picked.ids.size) picked.clear();
    else if (hasTicks && key === "Ctrl+a") picked.tickAll();
    else if (at < 0 || target.closest?.("thead")) return false;
    else if (hasTicks && (key === "x" || (key === " " && target.matches("tr")))) picked.tick(id, false);
    else if (hasTicks && key === "X") picked.tick(id, true);
    else if (key === "Enter" && !target.closest("a, button, input")) openRow(box.current, at);
    else if (Object.hasOwn(keys, key)) keys[key](all[at]);
    else return false;
    return true;
  };
  const select = (from, to) => hasTicks && picked.extend(from, to);
  const walk = useKeys({ box, order, view, act, select, isMain });
  const { start, end, beforePx, afterPx } = height === "none"
    ? { start: 0, end: all.length, beforePx: 0, afterPx: 0 } : view.window;
  const isActiveDrawn = walk.at >= start && walk.at < end;
  useEffect(() => { if (currentId != null) walk.setActive(currentId); }, [currentId]);

  const exported = picked.ids.size ? all.filter((_, at) => picked.ids.has(order[at])) : all;
  const isEmpty = rows && !rows.length;
  return html`<div class="k-table-whole">
    ${(tools || hasTools) && html`<div class="k-tools">${tools}${hasTools
      && html`<div class="k-row k-push"><${ColumnsButton} ...${{ columns, chosen, choose }} />
        <${CsvButton} name=${name} columns=${shownColumns(columns, chosen, false)} rows=${exported} /></div>`}</div>`}
    <section class="k-card" aria-label=${name}>
    <div class="k-scroll" ref=${box} onScroll=${view.onScroll} onKeyDown=${walk.press} tabindex="-1"
      style=${{ maxHeight: height }} aria-busy=${String(isSorting || !rows)}>
      ${isEmpty && empty}
      <table class="k-table" hidden=${Boolean(isEmpty && empty)} aria-label=${name} aria-rowcount=${all.length + 1}
        style=${{ minWidth: `${leastRem(shown, hasTicks ? TICK_REM : 0)}rem` }}>
        <colgroup>${hasTicks && html`<col style=${{ width: `${TICK_REM}rem` }} />`}
          ${shown.map(({ key, width }) => html`<col key=${key} style=${{ width: width ? `${width}rem` : "auto" }} />`)}
        </colgroup>
        <${Head} columns=${shown} sort=${sorted} onSort=${sortBy} ...${{ hasTicks }} ticks=${picked.ticks}
          tickAll=${picked.tickAll} />
        <tbody><${Room} px=${beforePx} span=${span} />
          ${!rows && html`<${BoneRows} count=${boneRows} columns=${shown} hasTicks=${hasTicks} />`}
          ${all.slice(start, end).map((row, k) => {
            const id = order[start + k];
            const isActive = isActiveDrawn ? start + k === walk.at : k === 0;
            return html`<${Row} key=${id} at=${start + k} columns=${shown} ...${{ row, hrefOf, isActive, hasTicks }}
              isTicked=${picked.ids.has(id)} isCurrent=${currentId != null && id === currentId}
              tick=${(isRange) => picked.tick(id, isRange)}
              focus=${() => { if (id !== walk.active) walk.setActive(id); }} />`;
          })}
          <${Room} px=${afterPx} span=${span} /></tbody></table></div>
    ${footer && html`<div class="k-foot">${footer}</div>`}</section>
    ${hasTicks && html`<p class="k-unseen" role="status">${picked.ids.size ? `${number(picked.ids.size)} selected` : ""}
      </p>`}
    ${hasTicks && html`<div class="k-bulk-room">${picked.ids.size > 0
      && html`<div class="k-bulk" role="group" aria-label="Selected rows">
      <strong class="k-bulk-count">${number(picked.ids.size)} selected</strong>${bulk(picked.ids, picked.clear)}
      <span class="k-muted k-push k-bulk-hint"><kbd>Esc</kbd> clears</span></div>`}</div>`}
    </div>`;
}

/** Follows the row's link as a click would: the router takes it from there. */
const openRow = (box, at) => box.querySelector(`tr[data-at="${at}"] a.whole`)?.click();
