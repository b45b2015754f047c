// What stands around every page: navigation, who is signed in, and the page's own heading.
import { html, useEffect, useLayoutEffect, useRef } from "/static/shared/ui/preact.js";
import { here } from "/static/shared/ui/router.js";
import { ThemeButton } from "/static/shared/ui/theme.js";
import { toast } from "/static/shared/ui/toast.js";
import { del, session } from "./api.js";
import { Icon } from "./icons.js";
import { GROUPS, MENU, OVERVIEW } from "./places.js";

const Item = ({ href, icon, name, kind }) => {
  const path = here.value.path;
  const isHere = path === href || path.startsWith(`${href}/`);
  return html`<li class=${kind}><a href=${href} aria-current=${isHere ? "page" : undefined}><${Icon} name=${icon} />${name}</a></li>`;
};

export async function leave() {
  try {
    await del("/session");
    session.value = null;
  } catch (error) {
    toast(error.message);
  }
}

export const Shell = ({ children }) => html`<a class="skip" href="#main">Skip to the page</a>
  <div class="shell">
    <header class="side">
      <a class="brand" href=${OVERVIEW}><img src="/static/portal/mark.svg" alt="" width="24" height="24" />Tellwire<span class="badge">Gateway</span></a>
      <nav class="nav" aria-label="Main"><ul>
        ${GROUPS.map(([group, places]) => html`
          <li class="path" aria-hidden="true" key=${group}>${group}</li>
          ${places.map(([href, icon, name, , isKept]) => html`<${Item} key=${href} ...${{ href, icon, name }} kind=${isKept ? undefined : "deep"} />`)}`)}
        <${Item} href=${MENU} icon="menu" name="More" kind="narrow" />
      </ul></nav>
      <div class="foot">
        <p class="wide tiny muted break">${session.value.name}<br />${session.value.email || "by the admin token"} · ${session.value.role}</p>
        <div class="row tight"><${ThemeButton} />
          <button type="button" class="button quiet" onClick=${leave} aria-label="Sign out"><${Icon} name="leave" /><span class="wide">Sign out</span></button></div>
      </div>
    </header>
    <main class="main" id="main" tabindex="-1">${children}</main>
  </div>`;

let isFirst = true; // the first page keeps the focus where the browser put it

/** A page: its title (also of the tab), the path to it, what can be done with it, and its content. */
export function Page({ title, crumbs = [], lead, mark, actions, children }) {
  const heading = useRef(null);
  useEffect(() => { document.title = `${title} · Tellwire gateway`; }, [title]);
  useLayoutEffect(() => { // before the next key arrives
    if (!isFirst) heading.current.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  return html`<div class="page">
    <div class="top">
      ${crumbs.length > 0 && html`<nav aria-label="Breadcrumb"><ol class="crumbs">${crumbs.map(([text, href], at) => html`
        <li key=${at}>${at > 0 && html`<${Icon} name="chevron" size=${11} />`}${href ? html`<a href=${href}>${text}</a>` : text}</li>`)}</ol></nav>`}
      <div class="row"><h1 tabindex="-1" ref=${heading}>${title}</h1>${mark}<div class="row push">${actions}</div></div>
      ${lead && html`<p class="muted">${lead}</p>`}
    </div>
    ${children}</div>`;
}
