// The keys of a table: which row is active, and what is done with it.
import { useEffect, useLayoutEffect, useRef, useState } from "../preact.js";
import { placeFor, topFor } from "./window.js";

const TYPED = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog, [popover]";
const isTyping = (target) => target.closest?.(TYPED);

/**
 * `box` scrolls; `order` are the ids of all rows; `view` is that of `useView`. `act(key, id)` does what a letter asks
 * for and says whether it did; `select(fromId, toId)` extends the selection. With `isMain` the keys work from anywhere
 * on the page where nothing else has the focus.
 */
export function useKeys({ box, order, view, act, select, isMain }) {
  const [active, setActive] = useState(null);
  const wanted = useRef(false);
  const hadFocus = useRef(false);
  const at = active === null ? -1 : order.indexOf(active);

  const goTo = (place) => {
    const { rowPx, viewPx, top } = view.latest.current;
    const headPx = box.current.querySelector("thead").offsetHeight;
    const next = topFor({ at: place, rowPx, viewPx, top, headPx });
    setActive(order[place]);
    wanted.current = true;
    if (next !== top) view.scrollTo(next);
  };
  useLayoutEffect(() => {
    const row = box.current.querySelector("tr[tabindex='0']");
    if (wanted.current) {
      wanted.current = false;
      row?.focus({ preventScroll: true });
    } else if (hadFocus.current && document.activeElement === document.body) {
      box.current.focus({ preventScroll: true }); // the active row is scrolled out of what is drawn
    }
    hadFocus.current = box.current.contains(document.activeElement);
  });

  const press = (event) => {
    const { key, target } = event;
    if (event.defaultPrevented || event.altKey || isTyping(target)) return;
    const page = Math.max(1, Math.floor(view.latest.current.viewPx / view.latest.current.rowPx) - 2);
    const isCommand = event.ctrlKey || event.metaKey;
    const place = isCommand || target.closest?.("thead") ? null : placeFor(key, at, order.length, page);
    if (place !== null) {
      event.preventDefault();
      if (event.shiftKey && at >= 0) select(order[at], order[place]);
      goTo(place);
    } else if (act(isCommand ? `Ctrl+${key}` : key, active, target)) event.preventDefault();
  };
  const latest = useRef(press);
  latest.current = press;
  useEffect(() => {
    if (!isMain) return;
    const listen = (event) => {
      const { target } = event;
      const isNobodys = target === document.body || target.matches?.("h1, main");
      if (isNobodys && !document.querySelector("dialog[open], :popover-open")) latest.current(event);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [isMain]);
  return { active, at, setActive, press };
}
