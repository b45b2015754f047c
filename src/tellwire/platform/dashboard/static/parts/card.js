// A titled card of a form or a page.
import { html } from "/static/shared/ui/preact.js";

export const Card = ({ title, tools, children }) => html`
  <section class="card" aria-label=${title}>
    <div class="head"><h2>${title}</h2>${tools}</div>
    <div class="body stack">${children}</div>
  </section>`;
