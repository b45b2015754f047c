// An id that people copy.
import { html } from "/static/shared/ui/preact.js";
import { CopyButton } from "/static/shared/ui/copy.js";

export const Id = ({ children, what }) => html`<span class="row tight"><span class="mono small break">${children}</span>
  <${CopyButton} text=${children} what=${what} /></span>`;

const ENDING = 10; // ids of one sender begin alike: the end tells them apart

/** An id in a list: cut in the middle where it is too long, whole for who copies, hears or points at it. */
export const ShortId = ({ children }) => html`<span class="short-id mono small" title=${children}>
  <span class="cut">${children.slice(0, -ENDING)}</span><span>${children.slice(-ENDING)}</span></span>`;
