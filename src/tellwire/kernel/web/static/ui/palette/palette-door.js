// The frame's way into the palette, which is loaded when it is first wanted: Ctrl K, or the button.
import { html, useEffect, useRef, useState } from "../preact.js";
import { Icon } from "../icons.js";
import { toast } from "../toast.js";

const isCtrlK = (event) => event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)
  && !event.altKey && !event.shiftKey;

/** `load` resolves with the application's sources (see palette.js); `label` says what is found. */
export function PaletteDoor({ load, label = "Find" }) {
  const [loaded, setLoaded] = useState(null);
  const running = useRef(false);
  const open = async () => {
    if (loaded) return loaded.openPalette();
    if (running.current) return;
    running.current = true;
    try {
      const [palette, sources] = await Promise.all([import("./palette.js"), load()]);
      palette.startPalette();
      palette.openPalette();
      setLoaded({ ...palette, sources });
    } catch {
      toast("The search could not be loaded. Try again.");
    } finally {
      running.current = false;
    }
  };
  useEffect(() => {
    if (loaded) return undefined; // the palette listens itself from now on
    const listen = (event) => {
      if (!isCtrlK(event) || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      open();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [loaded]);
  return html`<button type="button" class="k-finder-door" onClick=${open} aria-haspopup="dialog"
      aria-keyshortcuts="Control+K"><${Icon} name="search" size=${14} /><span class="k-finder-word">${label}</span>
      <kbd class="k-finder-key" aria-hidden="true">Ctrl K</kbd></button>
    ${loaded && html`<${loaded.Palette} sources=${loaded.sources} />`}`;
}
