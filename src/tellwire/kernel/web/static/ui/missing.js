// An address that leads nowhere.
import { html } from "./preact.js";
import { Page } from "./page.js";
import { Empty } from "./states.js";

export const Missing = ({ home, name }) => html`<${Page} title="There is nothing here"><div class="card">
  <${Empty} title="This address leads nowhere">
  <p>It may have been moved, or typed with a slip.</p><a class="button" href=${home}>Go to ${name}</a><//></div><//>`;
