// A plane larger than its window: the wheel, fingers and the scroll bars move it as any page, dragging its ground does
// too, and it is zoomed by buttons, keys, and the wheel with Ctrl.
import { html, useCallback, useEffect, useLayoutEffect, useRef, useState } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";

const LEAST = 0.25;
const MOST = 1.5;
const READABLE = 0.7; // it begins no smaller than this: reading comes before overview
const STEP = 1.25;
const within = (scale) => Math.max(LEAST, Math.min(MOST, scale));

/**
 * `width` and `height` are the plane's at 100 %, `children` what stands on it. `control` is a ref that gets
 * `{zoom(direction), fit(), show(item)}`. `isFixed`: the window has one height, however little stands on the plane.
 */
export function Stage({ width, height, control, label, isFixed, children, onKeyDown }) {
  const [scale, setScale] = useState(1);
  const box = useRef(null);
  const held = useRef(null); // the point of the plane that stays where it is while the scale changes
  const zoomTo = useCallback((wanted, point) => {
    const room = box.current.getBoundingClientRect();
    const x = point ? point.clientX - room.left : room.width / 2;
    const y = point ? point.clientY - room.top : room.height / 2;
    setScale((old) => {
      const next = within(typeof wanted === "function" ? wanted(old) : wanted);
      held.current = { x, y, atX: (box.current.scrollLeft + x) / old, atY: (box.current.scrollTop + y) / old };
      return next;
    });
  }, []);
  useLayoutEffect(() => {
    if (!held.current) return;
    const { x, y, atX, atY } = held.current;
    held.current = null;
    box.current.scrollLeft = atX * scale - x;
    box.current.scrollTop = atY * scale - y;
  }, [scale]);
  const fit = () => zoomTo(Math.min(1, box.current.clientWidth / width, box.current.clientHeight / height));
  const zoom = (direction) => zoomTo((old) => old * STEP ** direction);
  const show = (item) => scrollTo(box.current, item, scale);
  control.current = { zoom, fit, show };
  useLayoutEffect(() => { // it begins at the start, as wide as it can be read
    const first = within(Math.max(READABLE, Math.min(1, box.current.clientWidth / width)));
    setScale(first);
    box.current.scrollLeft = (width * first - box.current.clientWidth) / 2;
  }, []);
  useEffect(() => {
    const wheel = (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoomTo((old) => old * Math.exp(-event.deltaY / 300), event);
    };
    box.current.addEventListener("wheel", wheel, { passive: false });
    return () => box.current?.removeEventListener("wheel", wheel);
  }, []);
  return html`<div class="s-stage">
    <div class="s-window${isFixed ? " s-fixed" : ""}" ref=${box} role="group" aria-label=${label}
      onKeyDown=${onKeyDown} ...${useDrag(box)}>
      <div class="s-room" style=${{ width: `${width * scale}px`, height: `${height * scale}px` }}>
        <div class="s-plane" style=${{ width: `${width}px`, height: `${height}px`, transform: `scale(${scale})` }}>
          ${children}</div></div></div>
    <div class="s-tools">
      <button type="button" class="button little square" aria-label="Smaller" title="Smaller (−)"
        onClick=${() => zoom(-1)}><${Icon} name="minus" size=${13} /></button>
      <button type="button" class="button little s-scale" title="At its own size"
        onClick=${() => zoomTo(1)}>${Math.round(scale * 100)} %</button>
      <button type="button" class="button little square" aria-label="Larger" title="Larger (+)"
        onClick=${() => zoom(1)}><${Icon} name="plus" size=${13} /></button>
      <button type="button" class="button little" title="All of it (0)" onClick=${fit}>Fit</button></div></div>`;
}

const EDGE = 48; // pixels that stay free around what is shown

/** Scrolls no further than needed to have an item in sight, and not below a panel at the right. */
function scrollTo(box, { x, y, width, height }, scale) {
  const panel = document.querySelector(".k-panel")?.getBoundingClientRect();
  const room = box.getBoundingClientRect();
  const seen = panel && panel.left > room.left + width ? Math.min(room.right, panel.left) - room.left : box.clientWidth;
  const offset = Math.max(0, (box.clientWidth - box.firstElementChild.offsetWidth) / 2);
  const [left, right] = [(x - width / 2) * scale + offset - EDGE, (x + width / 2) * scale + offset + EDGE];
  const [top, bottom] = [y * scale - EDGE, (y + height) * scale + EDGE];
  if (right - box.scrollLeft > seen) box.scrollLeft = right - seen;
  if (left < box.scrollLeft) box.scrollLeft = left;
  if (bottom - box.scrollTop > box.clientHeight) box.scrollTop = bottom - box.clientHeight;
  if (top < box.scrollTop) box.scrollTop = top;
}

/** Moves what is in the window while its ground is dragged with the mouse; fingers scroll it anyway. */
function useDrag(box) {
  const from = useRef(null);
  return {
    onPointerDown: (event) => {
      if (event.pointerType !== "mouse" || event.button || event.target.closest("button, a")) return;
      const isScrollBar = event.offsetX > box.current.clientWidth || event.offsetY > box.current.clientHeight;
      if (event.target === box.current && isScrollBar) return;
      const { scrollLeft, scrollTop } = box.current;
      from.current = { x: event.clientX + scrollLeft, y: event.clientY + scrollTop };
      box.current.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event) => {
      if (!from.current) return;
      box.current.scrollLeft = from.current.x - event.clientX;
      box.current.scrollTop = from.current.y - event.clientY;
    },
    onPointerUp: () => { from.current = null; },
    onPointerCancel: () => { from.current = null; },
  };
}
