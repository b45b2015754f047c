// Starts the pages of the simulated phones: all of them, or the one whose number is in the address.
import { html, render } from "/static/shared/ui/preact.js";
import { Failure } from "/static/shared/ui/states.js";

const UNLOADED = { message: "This page could not be loaded. Reload it." };
const show = (content) => render(content, document.getElementById("app"));

const digits = /^\/simulator\/handsets\/([^/]+)\/?$/.exec(location.pathname)?.[1];
const load = digits ? () => import("./pages/handset.js") : () => import("./pages/handsets.js");
load().then(
  ({ default: Page }) => show(html`<${Page} digits=${digits && decodeURIComponent(digits).replace(/^\+/, "")} />`),
  () => show(html`<${Failure} error=${UNLOADED} retry=${() => location.reload()} />`),
);
