// An id that people copy.
import { html } from "/static/shared/ui/preact.js";
import { CopyButton } from "/static/shared/ui/copy.js";

export const Id = ({ children, what }) => html`<span class="row tight"><span class="mono small break">${children}</span>
  <${CopyButton} text=${children} what=${what} /></span>`;
