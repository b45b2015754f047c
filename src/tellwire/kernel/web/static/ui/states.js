// What a page shows while it waits, when it failed and when there is nothing yet; each in the size of what comes.
import { html } from "./preact.js";
import { Icon } from "./icons.js";

const WIDTHS = ["92%", "70%", "84%", "60%", "78%"];

export const Bones = ({ rows = 6 }) => html`<div class="bones" aria-hidden="true">
  ${Array.from({ length: rows },
    (_, at) => html`<span class="bone" key=${at} style=${{ width: WIDTHS[at % WIDTHS.length] }} />`)}</div>`;

/** The room of a plot that is on its way; `height` is the plot's. */
export const PlotBones = ({ height = 220 }) => html`<div class="k-plot" aria-hidden="true">
  <div class="k-plot-readout"><span class="k-bone k-bone-short" /></div>
  <div class="k-bone" style=${{ height: `${height}px` }} /></div>`;

/** What failed, in the server's words; `hint` is what to do about it, `retry` does it. */
export const Failure = ({ error, hint, retry, verb = "Try again" }) => html`<div class="banner bad" role="alert">
  <${Icon} name="warning" />
  <div class="grow"><p class="strong">${error.message}</p>${hint && html`<p>${hint}</p>`}</div>
  ${retry && html`<button type="button" class="button little" onClick=${retry}>${verb}</button>`}</div>`;

/** What a place is for while nothing is there: `children` say it, with an example; `action` is the one next step. */
export const Empty = ({ title, icon, action, children }) => html`<div class="empty">
  ${icon && html`<${Icon} name=${icon} size=${20} />`}<h2>${title}</h2>${children}${action}</div>`;
