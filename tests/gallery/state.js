// One state of a piece, under what it is called.
import { html } from "/static/shared/ui/preact.js";

export const State = ({ name, isBare = false, children }) => html`<section class="g-state" aria-label=${name}>
  <h2>${name}</h2>${isBare ? children : html`<div class="g-card">${children}</div>`}</section>`;
