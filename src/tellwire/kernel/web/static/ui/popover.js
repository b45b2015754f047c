// A small box beside its button, on the browser's own popover, which closes on Esc and on a click elsewhere.
import { html, useId, useLayoutEffect, useRef, useState } from "./preact.js";
import { placed } from "./placing.js";

/**
 * Moves the popover `box` beside `anchor`; `isAsWide`: at least as wide as that.
 * @param {HTMLElement} box
 * @param {HTMLElement} anchor
 * @param {{side?: string, isAsWide?: boolean}} [how]
 */
export function place(box, anchor, { side = "start", isAsWide = false } = {}) {
  box.style.maxHeight = "";
  if (isAsWide) box.style.minWidth = `${anchor.offsetWidth}px`;
  const size = { width: box.offsetWidth, height: box.scrollHeight + box.offsetHeight - box.clientHeight };
  const view = { width: document.documentElement.clientWidth, height: innerHeight };
  const { left, top, maxHeight } = placed(anchor.getBoundingClientRect(), size, view, side);
  Object.assign(box.style, { left: `${left}px`, top: `${top}px`, maxHeight: `${maxHeight}px` });
}

/** Keeps an open popover beside its anchor while anything scrolls or changes its size. */
export function useBeside(isOpen, box, anchor, how) {
  useLayoutEffect(() => {
    if (!isOpen) return;
    const stop = new AbortController();
    const move = () => box.current && anchor.current && place(box.current, anchor.current, how);
    move();
    for (const kind of ["scroll", "resize"]) addEventListener(kind, move, { capture: true, signal: stop.signal });
    return () => stop.abort();
  }, [isOpen]);
}

/**
 * A button and the box that it opens; `children(close)` is drawn only while that is open. `button` is what stands on
 * the button; `role` is "dialog" for a box of controls. The first control of the box gets the focus.
 */
export function Popover({ button, label, class: kind = "button", side = "start", role = "dialog", onKeyDown,
  children }) {
  const [state, setState] = useState({ isOpen: false }); // another one at each press: the box may have closed unheard
  const { isOpen } = state;
  const wasOpen = useRef(false); // when the pointer went down on the button, which alone closes the box
  const [anchor, box] = [useRef(null), useRef(null)];
  const id = useId();
  const name = useId();
  const open = () => setState({ isOpen: true });
  const close = () => box.current?.hidePopover();
  const press = () => {
    if (box.current.matches(":popover-open")) close();
    else if (!wasOpen.current) open();
    wasOpen.current = false;
  };
  useLayoutEffect(() => { // drawn, shown, placed and given the focus before anything of it is seen
    if (!isOpen || box.current.matches(":popover-open")) return;
    box.current.showPopover();
    place(box.current, anchor.current, { side });
    box.current.querySelector("[autofocus], [role^=menuitem], input, select, button")?.focus();
  }, [state]);
  useBeside(isOpen, box, anchor, { side });
  const arrow = (event) => {
    if (role !== "menu" || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    open();
  };
  const heed = () => { if (box.current && !box.current.matches(":popover-open")) setState({ isOpen: false }); };
  return html`<button type="button" ref=${anchor} class=${kind} id=${name} aria-label=${label} aria-controls=${id}
      aria-haspopup=${role} aria-expanded=${String(isOpen)} onKeyDown=${arrow} onClick=${press}
      onPointerDown=${() => { wasOpen.current = isOpen; }}>${button}</button>
    <div ref=${box} id=${id} class="k-popover" popover="auto" role=${role} aria-labelledby=${name}
      onToggle=${heed} onKeyDown=${onKeyDown}>${isOpen && children(close)}</div>`;
}
