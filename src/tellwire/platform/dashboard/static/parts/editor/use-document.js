// The document that is edited, with undo and redo: Ctrl+Z and Ctrl+Shift+Z wherever the focus is, but in YAML.
import { useEffect, useRef, useState } from "/static/shared/ui/preact.js";
import { begun, changed, redone, undone } from "../../document/history.js";

export function useDocument(first) {
  const [history, setHistory] = useState(() => begun(first));
  const latest = useRef(history); // what is the newest now, before it is drawn
  const move = (next) => { latest.current = next; setHistory(next); };
  const undo = () => move(undone(latest.current));
  const redo = () => move(redone(latest.current));
  useEffect(() => {
    const press = (event) => {
      const isOurs = !event.defaultPrevented && !event.target.closest?.("[data-own-undo], dialog");
      if (!isOurs || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      event.stopPropagation(); // one history for all: what a part of the page remembers of itself is only a part of it
      if (key === "y" || event.shiftKey) redo();
      else undo();
    };
    addEventListener("keydown", press, { capture: true });
    return () => removeEventListener("keydown", press, { capture: true });
  }, []);
  return {
    document: history.now, undo, redo, canUndo: history.past.length > 0, canRedo: history.future.length > 0,
    newest: () => latest.current.now,
    set: (next) => move(changed(latest.current, next, performance.now())),
  };
}
