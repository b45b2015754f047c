// What a page shows while it waits, when it failed and when there is nothing yet.
import { html } from "./preact.js";
import { Icon } from "./icons.js";

const WIDTHS = ["92%", "70%", "84%", "60%", "78%"];

export const Bones = ({ rows = 6 }) => html`<div class="bones" aria-hidden="true">
  ${Array.from({ length: rows },
    (_, at) => html`<span class="bone" key=${at} style=${{ width: WIDTHS[at % WIDTHS.length] }} />`)}</div>`;

export const Failure = ({ error, retry }) => html`<div class="banner bad" role="alert"><${Icon} name="warning" />
  <div class="grow"><p class="strong">${error.message}</p></div>
  ${retry && html`<button type="button" class="button little" onClick=${retry}>Try again</button>`}</div>`;

export const Empty = ({ title, children }) => html`<div class="empty"><h2>${title}</h2>${children}</div>`;
