// The frame's way into the palette, loaded when it is first wanted: Ctrl K (on a Mac: Command K), or the button.
import { html, useLayoutEffect, useRef, useState } from "../preact.js";
import { Icon } from "../icons.js";
import { toast } from "../toast.js";

const isCtrlK = (event) => event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)
  && !event.altKey && !event.shiftKey;
const isLetter = (event) => event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;

/** `load` resolves with the application's sources (see palette.js); `label` says what is found. */
export function PaletteDoor({ load, label = "Find" }) {
  const [palette, setPalette] = useState(null); // with its sources, once loaded
  const [isOpen, setOpen] = useState(false);
  const running = useRef(false);
  const typed = useRef(""); // while it loads: who knows the keys types on
  const open = async () => {
    if (palette) {
      typed.current = "";
      return setOpen(true);
    }
    if (running.current) return undefined;
    running.current = true;
    typed.current = "";
    try {
      const [{ Palette }, sources] = await Promise.all([import("./palette.js"), load()]);
      setPalette({ Palette, sources });
      setOpen(true);
    } catch {
      toast("The search could not be loaded. Try again.");
    } finally {
      running.current = false;
    }
  };
  const press = (event) => {
    const isOurs = running.current && isLetter(event);
    if (!isOurs && !isCtrlK(event)) return;
    event.preventDefault();
    if (isOurs) typed.current += event.key;
    else if (isOpen) setOpen(false);
    else if (!document.querySelector("dialog[open]")) open();
  };
  const latest = useRef(press);
  latest.current = press;
  useLayoutEffect(() => { // an effect would miss the keys of who knows them before the first frame
    const listen = (event) => latest.current(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
  return html`<button type="button" class="k-finder-door" onClick=${open} aria-haspopup="dialog"
      aria-keyshortcuts="Control+K"><${Icon} name="search" size=${14} /><span class="k-finder-word">${label}</span>
      <kbd class="k-finder-key" aria-hidden="true">Ctrl K</kbd></button>
    ${isOpen && html`<${palette.Palette} sources=${palette.sources} first=${typed.current}
      onClose=${() => setOpen(false)} />`}`;
}
