// What stands around every page: navigation, the account, and the page's own heading.
import { html, useEffect, useLayoutEffect, useRef } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { go, here } from "/static/shared/ui/router.js";
import { ThemeButton } from "/static/shared/ui/theme.js";
import { toast } from "/static/shared/ui/toast.js";
import { del, session } from "./api.js";
import { SMS } from "./places.js";

const Item = ({ href, icon, name }) => {
  const path = here.value.path;
  const isHere = path === href || path.startsWith(`${href}/`);
  return html`<li><a href=${href} aria-current=${isHere ? "page" : undefined}><${Icon} name=${icon} />${name}</a></li>`;
};

async function leave() {
  try {
    await del("/session");
    await go("/", { isForced: true });
    session.value = null;
  } catch (error) {
    toast(error.message);
  }
}

export const Shell = ({ children }) => html`<a class="skip" href="#main">Skip to the page</a>
  <div class="shell">
    <header class="side">
      <a class="brand" href="/live"><img src="/static/app/mark.svg" alt="" width="24" height="24" />Tellwire</a>
      <nav class="nav" aria-label="Main"><ul>
        <${Item} href="/live" icon="pulse" name="Live" />
        <${Item} href="/campaigns" icon="megaphone" name="Campaigns" />
        <${Item} href="/messages" icon="message" name="Messages" />
        <${Item} href="/explain" icon="question" name="Explain" />
        <li class="path" aria-hidden="true">Settings › Engage › Channels</li>
        <${Item} href=${SMS} icon="sliders" name="SMS" />
      </ul></nav>
      <div class="foot">
        <p class="wide tiny muted break">${session.value.email}<br />Account ${session.value.account_id} · ${session.value.version}</p>
        <div class="row tight"><${ThemeButton} />
          <button type="button" class="button quiet" onClick=${leave} aria-label="Sign out">
            <${Icon} name="leave" /><span class="wide">Sign out</span></button></div>
      </div>
    </header>
    <main class="main" id="main" tabindex="-1">${children}</main>
  </div>`;

let isFirst = true; // the first page keeps the focus where the browser put it

/** A page: its title (also of the tab), the path to it, what can be done with it, and its content. */
export function Page({ title, crumbs = [], mark, actions, children }) {
  const heading = useRef(null);
  useEffect(() => { document.title = `${title} · Tellwire`; }, [title]);
  useLayoutEffect(() => {
    if (!isFirst) heading.current.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  return html`<div class="page">
    <div class="top">
      ${crumbs.length > 0 && html`<nav aria-label="Breadcrumb"><ol class="crumbs">${crumbs.map(([text, href], at) => html`<li key=${at}>
        ${at > 0 && html`<${Icon} name="chevron" size=${11} />`}
        ${href && href !== here.value.path ? html`<a href=${href}>${text}</a>` : text}</li>`)}</ol></nav>`}
      <div class="row"><h1 tabindex="-1" ref=${heading}>${title}</h1>${mark}<div class="row push">${actions}</div></div>
    </div>
    ${children}</div>`;
}
