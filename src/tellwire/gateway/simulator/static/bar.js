// The line above each page of the simulator: the way to all phones, and the theme.
import { html } from "/static/shared/ui/preact.js";
import { ThemeButton } from "/static/shared/ui/theme.js";

export const Bar = ({ way, word = "" }) => html`<header class="bar">${way}
  <p class="row push"><span role="status" class="small muted">${word}</span><${ThemeButton} /></p></header>`;
