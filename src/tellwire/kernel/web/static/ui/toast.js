// Short words about what just happened, bottom right, announced politely; at most three stand at once.
import { html, signal } from "./preact.js";

const STAYS_MS = 6000; // long enough to read twenty words
const LIMIT = 3;
const shown = signal([]);
let last = 0;

const drop = (id) => { shown.value = shown.value.filter((one) => one.id !== id); };

/** Shows `text`; `action` is an optional `{label, run}`, such as undo. */
export function toast(text, action) {
  const id = ++last;
  shown.value = [...shown.value.slice(1 - LIMIT), { id, text, action }];
  setTimeout(() => drop(id), action ? 2 * STAYS_MS : STAYS_MS);
}

export const Toasts = () => html`<div class="toasts" role="status" aria-live="polite">
  ${shown.value.map(({ id, text, action }) => html`<div class="toast" key=${id}><span>${text}</span>
    ${action && html`<button type="button" class="button little push" onClick=${() => { drop(id); action.run(); }}>
      ${action.label}</button>`}
  </div>`)}</div>`;
