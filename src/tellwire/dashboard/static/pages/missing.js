// An address that leads nowhere.
import { html } from "/static/shared/ui/preact.js";
import { Empty } from "/static/shared/ui/states.js";
import { Page } from "../shell.js";

export default () => html`<${Page} title="There is nothing here"><div class="card"><${Empty} title="This address leads nowhere">
  <p>It may have been moved, or typed with a slip.</p><a class="button" href="/live">Go to Live</a><//></div><//>`;
