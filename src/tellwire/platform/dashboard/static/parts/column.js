// A column of the live page: what is looked at stays where it is, and what came meanwhile waits behind a button.
import { html, useRef, useState } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Bones } from "/static/shared/ui/states.js";
import { count } from "../words.js";

const AT_TOP_PX = 8; // scrolled further down than this is reading, and new rows wait
const ROW_PX = 40;
const DRAWN = Math.ceil(screen.height / ROW_PX) + 10; // more than fit; more are drawn as one comes near their end
const NEAR_PX = 800;

/**
 * While held, what stands stays and moves its status in place; how many new ones wait is counted.
 * `renew` lets them in once.
 */
export function useHeld(rows, isHeld) {
  const shown = useRef(null);
  const renew = () => { shown.current = null; };
  if (!isHeld) shown.current = null;
  else shown.current ??= new Set(rows.map((row) => row.id));
  if (!shown.current) return { rows, held: 0, renew };
  const standing = rows.filter((row) => shown.current.has(row.id));
  return { rows: standing, held: rows.length - standing.length, renew };
}

/** Whether somebody looks at the list: has scrolled down in it, points at it, or is in it with the keyboard. */
function useAttention() {
  const [looks, setLooks] = useState({ away: false, pointer: false, focus: false });
  const set = (kind, is) => setLooks((old) => (old[kind] === is ? old : { ...old, [kind]: is }));
  return {
    isHeld: looks.away || looks.pointer || looks.focus,
    onScroll: (event) => set("away", event.currentTarget.scrollTop > AT_TOP_PX),
    onPointer: {
      onPointerEnter: (event) => set("pointer", event.pointerType === "mouse"), // a finger leaves nothing behind
      onPointerLeave: () => set("pointer", false),
    },
    onFocus: {
      onFocusIn: () => set("focus", true),
      onFocusOut: (event) => set("focus", event.currentTarget.contains(event.relatedTarget)),
    },
  };
}

/** How many rows are drawn: the first screens of them, and more as one scrolls towards their end. */
function useDrawn() {
  const [drawn, setDrawn] = useState(DRAWN);
  const onScroll = ({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
    if (scrollTop < AT_TOP_PX) setDrawn(DRAWN);
    else if (scrollHeight - scrollTop - clientHeight < NEAR_PX) setDrawn((old) => old + DRAWN);
  };
  return { drawn, onScroll };
}

export function Column({ title, rows, held, isLoaded, none, tools, draw, onRelease }) {
  const list = useRef(null);
  const attention = useAttention();
  const steady = useHeld(rows, attention.isHeld);
  const { drawn, onScroll } = useDrawn();
  const [, setRound] = useState(0);
  const waiting = held || steady.held;
  const release = () => {
    list.current.scrollTop = 0;
    steady.renew();
    setRound((old) => old + 1);
    onRelease();
  };
  return html`<section class="card feed" aria-label=${title} ...${attention.onPointer}>
    <div class="head"><h2>${title}</h2><div class="push">${tools}</div></div>
    ${waiting > 0 && html`<button type="button" class="button primary little waiting" onClick=${release}>
      <${Icon} name="up" size=${12} />${count(waiting, "new one", "new ones")}</button>`}
    <div class="list" ref=${list} tabindex="0" role="region" aria-label="${title}, newest first" ...${attention.onFocus}
      onScroll=${(event) => { attention.onScroll(event); onScroll(event); }}>
      ${!isLoaded ? html`<${Bones} rows=${8} />`
        : steady.rows.length ? steady.rows.slice(0, drawn).map(draw) : html`<p class="muted empty">${none}</p>`}
    </div></section>`;
}
