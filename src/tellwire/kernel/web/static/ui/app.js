// Starts an application: asks who is signed in, then shows the door, or the shell with the page that the path names.
import { html, render, useEffect, useLayoutEffect, useState } from "./preact.js";
import { Questions } from "./dialog.js";
import { PRODUCT } from "./product.js";
import { finder } from "./finder.js";
import { go, here, startRouter } from "./router.js";
import { startShortcuts } from "./shortcuts.js";
import { Bones, Failure } from "./states.js";
import { whoOf } from "./session.js";
import { Toasts, toast } from "./toast.js";

const UNLOADED = { message: "This part of the page could not be loaded. Reload the page." };

/**
 * The default export of the module that `load` brings, with what the path names. The last page stands until it is
 * there.
 */
function Routed({ find, path }) {
  const { load, params } = find(path);
  const [shown, setShown] = useState(null);
  useLayoutEffect(() => { // an effect would wait for a frame to be drawn first
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

/** Loads the page that `path` names, and what it asks the server for first: its `prefetch(params, query)`, if any. */
function prefetchPage(find, path, query) {
  const { load, params } = find(path);
  load().then((module) => module.prefetch?.(params, query)).catch(() => {}); // following the link will tell
}

const Notice = ({ onDoor }) => html`<div class="banner warn away" role="alert"><p class="grow">
  Your session has ended. What you typed is still here.</p>
  <button type="button" class="button little" onClick=${onDoor}>Sign in</button></div>`;

function App({ api, Shell, door, find, isRoot, home }) {
  const [error, setError] = useState(null);
  const [Door, setDoor] = useState(null);
  const ask = () => { setError(null); api.openSession().catch(setError); };
  useLayoutEffect(ask, []);
  const isNobody = api.session.value === null;
  const isAway = api.away.value === "door";
  useEffect(() => {
    const fail = () => { // what stands behind the door must not be lost with it
      if (isNobody) return setError(UNLOADED);
      toast("The form to sign in could not be loaded. Try again.");
      api.closeDoor();
    };
    const show = (module) => { api.yieldDoor(); setDoor(() => module.default); };
    if (!Door && (isNobody || isAway)) door().then(show, fail);
  }, [isNobody, isAway]);
  const path = here.value.path;
  useEffect(() => { if (isRoot(path)) go(home, { isReplacing: true }); }, [path]);

  if (error) return html`<main class="door"><div class="card"><h1>${PRODUCT}</h1>
    <${Failure} error=${error} retry=${ask} /></div></main>`;
  if (api.session.value === undefined || (isNobody && !Door)) return html`<p class="unseen" role="status">Loading</p>`;
  if (isNobody) return html`<${Door} />`;
  const who = whoOf(api.session.value);
  return html`<${Shell} key=${who}><${Routed} find=${find} path=${isRoot(path) ? home : path} /><//>
    ${isAway && Door && html`<${Door} />`}
    ${api.away.value === "notice" && html`<${Notice} onDoor=${api.showDoor} />`}`;
}

/**
 * `pages` pairs path patterns with loaders of modules, loaded when first shown; `door` and `missing` are such loaders.
 * `isRoot` tells the paths that lead `home`, `isOurs` those that stay within this page,
 * `groups` are the places for keys.
 */
export function startApp({ api, Shell, door, pages, missing, isRoot, home, isOurs, groups }) {
  const find = finder(pages, missing);
  startRouter(isOurs, (path, query) => prefetchPage(find, path, query));
  startShortcuts(groups);
  const { path, query } = here.value;
  prefetchPage(find, isRoot(path) ? home : path, query); // beside the question who is signed in
  render(html`<${App} ...${{ api, Shell, door, find, isRoot, home }} /><${Questions} /><${Toasts} />`,
    document.getElementById("app"));
}
