// Every page in one list, for screens whose bar has no room for all.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "../icons.js";
import { GROUPS } from "../places.js";
import { Page } from "../shell.js";

export default () => html`<${Page} title="All pages">${GROUPS.map(([group, places]) => html`
  <section class="card" key=${group}><div class="head"><h2>${group}</h2></div><ul class="menu">${places.map(([href, icon, name, use]) => html`
    <li key=${href}><a href=${href}><${Icon} name=${icon} /><span><span class="strong">${name}</span><br /><span class="small muted">${use}</span></span></a></li>`)}</ul></section>`)}<//>`;
