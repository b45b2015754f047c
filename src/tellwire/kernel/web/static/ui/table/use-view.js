// Where a table is scrolled to, and how much of it is seen; back on the page it stands where it stood.
import { useLayoutEffect, useRef, useState } from "../preact.js";
import { lists } from "../entries.js";
import { NARROW_REM } from "./columns.js";
import { windowOf } from "./window.js";

export const ROW_REM = 2.25; // one line of text and its air; kit.css has the same
const FIRST_PX = 800; // seen before anything is measured

const remPx = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** @returns what is drawn of `count` rows, and how to scroll there; `box` is the scrolling element */
export function useView(box, name, count) {
  const memory = useState(lists)[0];
  const key = `table ${name}`;
  const [view, setView] = useState(() => ({
    top: memory.get(key) ?? 0, viewPx: FIRST_PX, rowPx: ROW_REM * remPx(), isNarrow: false,
  }));
  const latest = useRef(view);
  const isBack = useRef(view.top > 0);
  const change = (next) => {
    latest.current = { ...latest.current, ...next };
    setView(latest.current);
  };
  useLayoutEffect(() => {
    const measure = () => {
      if (!box.current) return;
      const { clientHeight, clientWidth } = box.current;
      const rowPx = ROW_REM * remPx();
      const isNarrow = clientWidth < NARROW_REM * remPx();
      const old = latest.current;
      if (clientHeight !== old.viewPx || isNarrow !== old.isNarrow || rowPx !== old.rowPx) {
        change({ viewPx: clientHeight, isNarrow, rowPx });
      }
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (!isBack.current || !count) return;
    isBack.current = false;
    box.current.scrollTop = latest.current.top;
  }, [count > 0]);
  const onScroll = () => {
    const { scrollTop } = box.current;
    memory.set(key, scrollTop);
    const { rowPx, viewPx, top } = latest.current;
    const start = (at) => windowOf({ count, rowPx, viewPx, top: at }).start;
    if (start(scrollTop) === start(top)) latest.current.top = scrollTop; // nothing else is drawn
    else change({ top: scrollTop });
  };
  const scrollTo = (top) => {
    box.current.scrollTop = top;
    memory.set(key, top);
    change({ top });
  };
  return { ...view, latest, onScroll, scrollTo, window: windowOf({ count, ...view }) };
}
