// Starts the portal: asks who is signed in, then shows the shell with the page that the path names.
import { html, render, useEffect, useState } from "/static/shared/ui/preact.js";
import { Questions } from "/static/shared/ui/dialog.js";
import { finder, go, here, startRouter } from "/static/shared/ui/router.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { Toasts } from "/static/shared/ui/toast.js";
import { openSession, session } from "./api.js";
import { BASE, CARRIERS, KEYS, MENU, MESSAGES, NUMBERS, OVERVIEW, PEOPLE, PRICES, ROUTES, SIMULATOR, SUBACCOUNTS, WEBHOOKS } from "./places.js";
import { Shell } from "./shell.js";
import { startShortcuts } from "./shortcuts.js";

// Path pattern and the module whose default export draws it; loaded when first shown.
const find = finder([
  [OVERVIEW, () => import("./pages/overview.js")],
  [MESSAGES, () => import("./pages/messages.js")],
  [`${MESSAGES}/:umid`, () => import("./pages/message.js")],
  [CARRIERS, () => import("./pages/carriers.js")],
  [KEYS, () => import("./pages/keys.js")],
  [SUBACCOUNTS, () => import("./pages/subaccounts.js")],
  [WEBHOOKS, () => import("./pages/webhooks.js")],
  [ROUTES, () => import("./pages/routes.js")],
  [NUMBERS, () => import("./pages/senders.js")],
  [PRICES, () => import("./pages/prices.js")],
  [SIMULATOR, () => import("./pages/simulator.js")],
  [PEOPLE, () => import("./pages/people.js")],
  [MENU, () => import("./pages/menu.js")],
], () => import("./pages/missing.js"));

function Routed({ path }) {
  const { load, params } = find(path);
  const [shown, setShown] = useState(null);
  useEffect(() => {
    let isGone = false;
    load().then(
      (module) => isGone || setShown({ Page: module.default, params, path }),
      (error) => isGone || setShown({ error, path }),
    );
    return () => { isGone = true; };
  }, [path]);
  if (!shown) return html`<${Bones} />`;
  if (shown.error) return html`<${Failure} error=${{ message: "This part of the page could not be loaded. Reload the page." }} retry=${() => location.reload()} />`;
  return html`<${shown.Page} key=${shown.path} ...${shown.params} />`;
}

const signIn = () => import("./pages/sign-in.js");
const isHome = (path) => path === BASE || path === `${BASE}/`;

function App() {
  const [error, setError] = useState(null);
  const [Door, setDoor] = useState(null);
  const ask = () => { setError(null); openSession().catch(setError); };
  useEffect(ask, []);
  const isNobody = session.value === null;
  useEffect(() => { if (isNobody) signIn().then((module) => setDoor(() => module.default)); }, [isNobody]);
  const path = here.value.path;
  useEffect(() => { if (isHome(path)) go(OVERVIEW, { isReplacing: true }); }, [path]);

  if (error) return html`<main class="door"><div class="card"><h1>Tellwire gateway</h1><${Failure} error=${error} retry=${ask} /></div></main>`;
  if (session.value === undefined || (isNobody && !Door)) return html`<p class="unseen" role="status">Loading</p>`;
  if (isNobody) return html`<${Door} />`;
  return html`<${Shell}><${Routed} path=${isHome(path) ? OVERVIEW : path} /><//>`;
}

startRouter((path) => path.startsWith(`${BASE}/`));
startShortcuts();
render(html`<${App} /><${Questions} /><${Toasts} />`, document.getElementById("app"));
