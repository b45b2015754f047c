// Where in a document a control stands: what is wrong with that place leads to it.
import { html } from "/static/shared/ui/preact.js";

/** Marks its content as the control of a path. */
export const At = ({ path, children, class: kind }) => html`<div data-path=${path} class=${kind}>${children}</div>`;

const CONTROLS = "input:not([type=hidden]), select, textarea, button";

/** Leads the focus to the control of a path, or to the nearest that is drawn above it. */
export function focusOn(root, path) {
  const places = [...root.querySelectorAll("[data-path]")]
    .filter(({ dataset }) => path === dataset.path || path.startsWith(`${dataset.path}.`))
    .sort((a, b) => b.dataset.path.length - a.dataset.path.length);
  const place = places[0];
  const control = place?.matches(CONTROLS) ? place : place?.querySelector(CONTROLS) ?? place;
  control?.focus();
  control?.scrollIntoView({ block: "center" });
}

/** What is wrong with a path or with anything below it, the first of it; undefined if nothing is. */
export function mistakeAt(errors, path) {
  const found = Object.entries(errors).find(([at]) => at === path || at.startsWith(`${path}.`));
  return found?.[1];
}
