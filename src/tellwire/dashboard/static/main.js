// Starts the dashboard: asks who is signed in, then shows the shell with the page that the path names.
import { html, render, useEffect, useState } from "/static/shared/ui/preact.js";
import { Questions } from "/static/shared/ui/dialog.js";
import { finder, go, here, startRouter } from "/static/shared/ui/router.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { Toasts } from "/static/shared/ui/toast.js";
import { openSession, session } from "./api.js";
import { SMS } from "./places.js";
import { Shell } from "./shell.js";
import { startShortcuts } from "./shortcuts.js";

// Path pattern and the module whose default export draws it; loaded when first shown.
const find = finder([
  ["/live", () => import("./pages/live.js")],
  ["/campaigns", () => import("./pages/campaigns.js")],
  ["/campaigns/new", () => import("./pages/campaign-edit.js")],
  ["/campaigns/:id", () => import("./pages/campaign.js")],
  ["/campaigns/:id/edit", () => import("./pages/campaign-edit.js")],
  ["/messages", () => import("./pages/messages.js")],
  ["/messages/:id", () => import("./pages/message.js")],
  ["/events/:id", () => import("./pages/event.js")],
  ["/explain", () => import("./pages/explain.js")],
  ["/profile", () => import("./pages/profile.js")],
  [SMS, () => import("./pages/providers.js")],
  [`${SMS}/new`, () => import("./pages/provider-edit.js")],
  [`${SMS}/:id`, () => import("./pages/provider-edit.js")],
], () => import("./pages/missing.js"));

const UNLOADED = { message: "This part of the page could not be loaded. Reload the page." };

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
  if (shown.error) return html`<${Failure} error=${UNLOADED} retry=${() => location.reload()} />`;
  return html`<${shown.Page} key=${shown.path} ...${shown.params} />`;
}

const signIn = () => import("./pages/sign-in.js");

function App() {
  const [error, setError] = useState(null);
  const [Door, setDoor] = useState(null);
  const ask = () => { setError(null); openSession().catch(setError); };
  useEffect(ask, []);
  const isNobody = session.value === null;
  useEffect(() => { if (isNobody) signIn().then((module) => setDoor(() => module.default)); }, [isNobody]);
  const path = here.value.path;
  useEffect(() => { if (path === "/") go("/live", { isReplacing: true }); }, [path]);

  if (error) return html`<main class="door"><div class="card"><h1>Tellwire</h1><${Failure} error=${error} retry=${ask} /></div></main>`;
  if (session.value === undefined || (isNobody && !Door)) return html`<p class="unseen" role="status">Loading</p>`;
  if (isNobody) return html`<${Door} />`;
  return html`<${Shell}><${Routed} path=${path === "/" ? "/live" : path} /><//>`;
}

startRouter((path) => !path.startsWith("/api/"));
startShortcuts();
render(html`<${App} /><${Questions} /><${Toasts} />`, document.getElementById("app"));
