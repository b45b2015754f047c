// One object beside the list that it was opened from: a sheet at the right, over the page and not instead of it.
// Tab stays within it while the focus is there; a click on the page, and Esc, are the ways out.
import { html, useId, useLayoutEffect, useRef } from "./preact.js";
import { Icon } from "./icons.js";

const FOCUSABLE = "a[href], button:not(:disabled), input, select, textarea, summary, [tabindex='0']";

const isSeen = (node) => node.checkVisibility?.({ visibilityProperty: true }) ?? true;

function keepInside(event, box) {
  const stops = [...box.querySelectorAll(FOCUSABLE)].filter((node) => node.tabIndex >= 0 && isSeen(node));
  const [first, last] = [stops[0], stops.at(-1)];
  const active = document.activeElement;
  const from = event.shiftKey ? [first, box.querySelector("h2")] : [last];
  if (!first || !from.includes(active)) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}

/**
 * The panel of what `?open=` names: `name` is that value, so that another object in an open panel begins at its top.
 * `href` leads to the object's own page; `onClose` takes `open` out of the address.
 */
export function Panel({ name = "", title, mark, href, actions, onClose, children }) {
  const box = useRef(null);
  const heading = useRef(null);
  const opener = useRef(null);
  const close = useRef(onClose);
  close.current = onClose;
  const id = useId();
  useLayoutEffect(() => {
    opener.current = document.activeElement;
    const leave = (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (document.querySelector(":popover-open, dialog[open]")) return; // the nearest thing closes first
      event.preventDefault();
      close.current();
    };
    document.addEventListener("keydown", leave);
    return () => {
      document.removeEventListener("keydown", leave);
      if (document.activeElement === document.body) opener.current?.focus?.({ preventScroll: true });
    };
  }, []);
  useLayoutEffect(() => {
    heading.current.focus({ preventScroll: true });
    box.current.querySelector(".k-panel-body").scrollTop = 0;
  }, [name]);
  const press = (event) => { if (event.key === "Tab") keepInside(event, box.current); };
  return html`<div class="k-panel" ref=${box} role="dialog" aria-labelledby=${id} onKeyDown=${press}>
    <header class="k-panel-head"><h2 id=${id} tabindex="-1" ref=${heading} class="k-panel-title">${title}</h2>${mark}
      <span class="k-push k-row">${actions}
        ${href && html`<a class="button quiet square little" href=${href} aria-label="Open as a page"
          title="Open as a page"><${Icon} name="expand" size=${14} /></a>`}
        <button type="button" class="button quiet square little" aria-label="Close" title="Close (Esc)"
          onClick=${onClose}><${Icon} name="cross" size=${14} /></button></span></header>
    <div class="k-panel-body" tabindex="0" role="region" aria-labelledby=${id}>${children}</div></div>`;
}
