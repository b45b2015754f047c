// The frame of a page: its title (also of the tab), the path to it, what can be done with it, and its content.
import { html, useEffect, useLayoutEffect, useRef } from "./preact.js";
import { Icon } from "./icons.js";
import { PRODUCT } from "./product.js";
import { here } from "./router.js";

let isFirst = true; // the first page keeps the focus where the browser put it

export function Page({ title, crumbs = [], lead, mark, actions, children }) {
  const heading = useRef(null);
  useEffect(() => { document.title = `${title} · ${PRODUCT}`; }, [title]);
  useLayoutEffect(() => { // a frame later it would take keys from who types already
    if (!isFirst) heading.current.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  return html`<div class="page">
    <div class="top">
      ${crumbs.length > 0 && html`<nav aria-label="Breadcrumb"><ol class="crumbs">
        ${crumbs.map(([text, href], at) => html`<li key=${at}>
        ${at > 0 && html`<${Icon} name="chevron" size=${11} />`}
        ${href && href !== here.value.path ? html`<a href=${href}>${text}</a>` : text}</li>`)}</ol></nav>`}
      <div class="row"><h1 tabindex="-1" ref=${heading}>${title}</h1>${mark}<div class="row push">${actions}</div></div>
      ${lead && html`<p class="muted lead">${lead}</p>`}
    </div>
    ${children}</div>`;
}
