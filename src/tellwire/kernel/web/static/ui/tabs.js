// Views of one thing, one of them shown: arrows move between their names, Tab leads into the view.
import { html, useId, useRef } from "./preact.js";

const MOVES = { ArrowRight: 1, ArrowLeft: -1 };

/**
 * `tabs` are `{key, name, count?, icon?}`; `children` is the shown one's content. `onValue` gets the key of the
 * chosen one: a page keeps it in its address.
 */
export function Tabs({ label, tabs, value, onValue, children }) {
  const id = useId();
  const list = useRef(null);
  const go = (event) => {
    const at = tabs.findIndex(({ key }) => key === value);
    const next = { Home: 0, End: tabs.length - 1 }[event.key]
      ?? (MOVES[event.key] ? (at + MOVES[event.key] + tabs.length) % tabs.length : -1);
    if (next < 0) return;
    event.preventDefault();
    onValue(tabs[next].key);
    list.current.children[next].focus();
  };
  return html`<div class="k-tabs" role="tablist" aria-label=${label} ref=${list} onKeyDown=${go}>
    ${tabs.map(({ key, name, count }) => html`<button type="button" role="tab" class="k-tab" key=${key}
      id="${id}-${key}" aria-selected=${String(key === value)} aria-controls="${id}-view"
      tabindex=${key === value ? 0 : -1} onClick=${() => onValue(key)}>${name}
      ${count != null && html`<span class="k-tab-count">${count}</span>`}</button>`)}</div>
  <div role="tabpanel" id="${id}-view" aria-labelledby="${id}-${value}" class="k-tab-view" tabindex="0">
    ${children}</div>`;
}
