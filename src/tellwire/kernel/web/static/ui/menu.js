// Every page in one list, for screens whose bar has no room for all.
import { html } from "./preact.js";
import { Icon } from "./icons.js";
import { Page } from "./page.js";

export const Menu = ({ groups }) => html`<${Page} title="All pages">${groups.map(([group, places]) => html`
  <section class="card" key=${group}>${group && html`<div class="head"><h2>${group}</h2></div>`}<ul class="menu-list">
    ${places.map(([href, icon, name, use]) => html`
    <li key=${href}><a href=${href}><${Icon} name=${icon} /><span><span class="strong">${name}</span><br />
      <span class="small muted">${use}</span></span></a></li>`)}</ul></section>`)}<//>`;
