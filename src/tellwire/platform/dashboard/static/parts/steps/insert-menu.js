// What can be inserted, each kind of step with a word of what it is for: beside the plus, or the step that "/" was
// pressed at.
import { html, useLayoutEffect, useRef } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { moveInMenu } from "/static/shared/ui/menu-button.js";
import { place } from "/static/shared/ui/popover.js";
import { KINDS } from "./kinds.js";

/** `anchor` is the element that it stands beside; `onKind` gets the chosen kind, `onClose` hears that it is gone. */
export function InsertMenu({ anchor, onKind, onClose }) {
  const box = useRef(null);
  useLayoutEffect(() => {
    box.current.showPopover();
    place(box.current, anchor);
    box.current.querySelector("button").focus();
  }, []);
  const heed = (event) => { if (event.newState === "closed") onClose(); };
  const take = (kind) => { onKind(kind); box.current?.hidePopover(); };
  return html`<div ref=${box} class="k-popover s-kinds" popover="auto" role="menu" aria-label="Insert a step"
    onToggle=${heed} onKeyDown=${moveInMenu}>${KINDS.map((kind) => html`
      <button type="button" role="menuitem" tabindex="-1" class="k-menu-item s-kind" key=${kind.key}
        onClick=${() => take(kind)}><${Icon} name=${kind.icon} size=${14} />
        <span><span class="strong">${kind.name}</span><span class="s-use">${kind.use}</span></span></button>`)}</div>`;
}
