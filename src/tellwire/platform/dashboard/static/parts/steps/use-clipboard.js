// Copy, cut and paste of what is marked, by the clipboard that other pages and programs share.
import { useLayoutEffect, useRef } from "/static/shared/ui/preact.js";

/**
 * Heeds the clipboard while one of ours inside of `box` (an element with a key) has the focus. `copied` gives the text,
 * null for none; without `cut` and `pasted` nothing can be changed.
 */
export function useClipboard(box, { copied, cut, pasted }) {
  const latest = useRef(null);
  latest.current = { copied, cut, pasted };
  useLayoutEffect(() => {
    const stop = new AbortController();
    const isOurs = ({ target }) => box.current.contains(target) && target.dataset?.key !== undefined
      && document.getSelection()?.isCollapsed !== false;
    const put = (event) => {
      const text = isOurs(event) ? latest.current.copied() : null;
      if (text === null) return;
      event.preventDefault();
      event.clipboardData.setData("text/plain", text);
      if (event.type === "cut") latest.current.cut?.();
    };
    const take = (event) => {
      if (!isOurs(event) || !latest.current.pasted) return;
      event.preventDefault();
      latest.current.pasted(event.clipboardData.getData("text/plain"));
    };
    for (const kind of ["copy", "cut"]) document.addEventListener(kind, put, { signal: stop.signal });
    document.addEventListener("paste", take, { signal: stop.signal });
    return () => stop.abort();
  }, []);
}
