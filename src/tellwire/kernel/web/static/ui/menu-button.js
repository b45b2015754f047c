// A button that opens a list of things to do: arrows, Home, End and first letters move, Esc closes.
import { html } from "./preact.js";
import { Icon } from "./icons.js";
import { Popover } from "./popover.js";

const itemsOf = (menu) => [...menu.querySelectorAll("[role^=menuitem]")];

/** The item that a key leads to from `at`; undefined for other keys. */
function itemFor(items, at, key) {
  if (key === "ArrowDown") return items[(at + 1) % items.length];
  if (key === "ArrowUp") return items.at(at <= 0 ? -1 : at - 1);
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  if (key.length !== 1 || key === " ") return undefined;
  const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  return order.find((item) => item.textContent.trim().toLowerCase().startsWith(key.toLowerCase()));
}

export function moveInMenu(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const items = itemsOf(event.currentTarget);
  const item = itemFor(items, items.indexOf(document.activeElement), event.key);
  if (event.key === "Tab") event.currentTarget.hidePopover();
  if (!item) return;
  event.preventDefault();
  item.focus();
}

/**
 * `items` are `{name, icon?, hint?, run?, href?, isDangerous?, isDisabled?}`, or null for a line between two groups.
 * Without a `button` it is three dots named `label`.
 */
export const MenuButton = ({ label, button, items, side = "end", class: kind = "button quiet square little" }) => html`
  <${Popover} button=${button ?? html`<${Icon} name="dots" />`} label=${button ? undefined : label} class=${kind}
    side=${side} role="menu" onKeyDown=${moveInMenu}>${(close) => items.map((item, at) => (item
      ? html`<${Item} key=${item.name} ...${{ item, close }} />`
      : html`<hr key=${at} class="k-menu-line" />`))}<//>`;

function Item({ item: { name, icon, hint, run, href, isDangerous, isDisabled }, close }) {
  const kind = `k-menu-item${isDangerous ? " k-danger" : ""}`;
  const inside = html`${icon && html`<${Icon} name=${icon} size=${14} />`}<span class="k-grow">${name}</span>
    ${hint && html`<span class="k-menu-hint">${hint}</span>`}`;
  const act = () => {
    if (isDisabled) return;
    close();
    run?.();
  };
  return href
    ? html`<a role="menuitem" tabindex="-1" class=${kind} href=${href} onClick=${close}>${inside}</a>`
    : html`<button type="button" role="menuitem" tabindex="-1" class=${kind} onClick=${act}
      aria-disabled=${isDisabled ? "true" : undefined}>${inside}</button>`;
}
