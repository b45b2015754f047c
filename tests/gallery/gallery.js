// Shows one piece of the kit in all its states: ?piece=table. For looking at, and for tests; no part of the product.
import { Questions } from "/static/shared/ui/dialog.js";
import { html, render } from "/static/shared/ui/preact.js";
import { here, startRouter } from "/static/shared/ui/router.js";
import { ThemeButton } from "/static/shared/ui/theme.js";
import { Toasts } from "/static/shared/ui/toast.js";

const PIECES = [
  "table",
  "filter-bar",
  "date-range",
  "plot",
  "spark",
  "panel",
  "menu",
  "combobox",
  "tabs",
  "palette",
  "form",
  "dialog",
  "money-phone",
  "badge",
  "states",
  "steps",
];

const piece = here.value.query.piece ?? PIECES[0];
const { default: Piece } = await import(`./pieces/${piece}.js`);

document.title = `${piece} · Gallery`;
/** @type {Function} */ (startRouter)((path) => path === "/", () => {}); // nothing is fetched ahead
render(
  html`<header class="g-bar"><nav aria-label="Pieces">${PIECES.map(
    (name) =>
      html`<a key=${name} href="/?piece=${name}" target="_self"
        aria-current=${name === piece ? "page" : undefined}>${name}</a>`,
  )}</nav><${ThemeButton} /></header>
  <main class="g-main" id="main"><h1>${piece}</h1><${Piece} /></main><${Questions} /><${Toasts} />`,
  document.getElementById("app"),
);
