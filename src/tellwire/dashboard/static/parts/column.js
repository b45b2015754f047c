// A column of the live page: what is looked at stays where it is, and what came meanwhile waits behind a button.
import { html, useRef, useState } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Bones } from "/static/shared/ui/states.js";
import { count } from "../words.js";

const AT_TOP_PX = 8; // scrolled further down than this is reading, and new rows wait

/** While held, what stands stays and moves its status in place; how many new ones wait is counted. */
export function useHeld(rows, isHeld) {
  const shown = useRef(null);
  if (!isHeld) shown.current = null;
  else shown.current ??= new Set(rows.map((row) => row.id));
  if (!shown.current) return { rows, held: 0 };
  const standing = rows.filter((row) => shown.current.has(row.id));
  return { rows: standing, held: rows.length - standing.length };
}

export function Column({ title, rows, held, isLoaded, none, tools, draw, onRelease }) {
  const list = useRef(null);
  const [isAway, setAway] = useState(false);
  const steady = useHeld(rows, isAway);
  const waiting = held || steady.held;
  const release = () => {
    list.current.scrollTop = 0;
    setAway(false);
    onRelease();
  };
  return html`<section class="card feed" aria-label=${title}>
    <div class="head"><h2>${title}</h2><div class="push">${tools}</div></div>
    ${waiting > 0 && html`<button type="button" class="button primary little waiting" onClick=${release}>
      <${Icon} name="up" size=${12} />${count(waiting, "new one", "new ones")}</button>`}
    <div class="list" ref=${list} tabindex="0" role="region" aria-label="${title}, newest first"
      onScroll=${() => setAway(list.current.scrollTop > AT_TOP_PX)}>
      ${!isLoaded ? html`<${Bones} rows=${8} />`
        : steady.rows.length ? steady.rows.map(draw) : html`<p class="muted empty">${none}</p>`}
    </div></section>`;
}
