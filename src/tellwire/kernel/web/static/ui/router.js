// Real paths on the history API. Links are plain <a href>; a click on one below our own base stays inside the page.
import {
  currentEntry, enterEntry, isOverPage, leaveEntry, newEntry, scrollWhenTall, startEntries,
} from "./entries.js";
import { signal } from "./preact.js";
import { PANEL, isOverlay, panelAt } from "./typed-query.js";

const read = () => ({ path: location.pathname, query: Object.fromEntries(new URLSearchParams(location.search)) });
export const here = signal(read());

let guard = null; // set while a form has unsaved changes: an async function that says whether to leave
let current = location.href;

/** While `may` is set, leaving asks it first, and closing the tab asks the browser's own question. */
export function guardWith(may) {
  guard = may;
}

/** Whether the page may be left: what is unsaved on it is asked about first. */
export const mayLeave = async () => !guard || guard();

/** Shows what the address now names: at its top, where it was left, or where it is if only its panel changed. */
function arrive(top) {
  const isOver = isOverlay(current, location.href);
  current = location.href;
  here.value = read();
  if (isOver) return;
  if (top === undefined) scrollTo(0, 0);
  else scrollWhenTall(top);
}

export async function go(href, { isReplacing = false, isForced = false } = {}) {
  const isOver = isOverlay(current, href);
  if (!isOver && !isForced && !(await mayLeave())) return;
  if (!isOver) guard = null;
  leaveEntry();
  if (isReplacing) {
    history.replaceState(history.state, "", href);
    current = location.href;
    here.value = read();
    return;
  }
  history.pushState(newEntry({ isOver }), "", href);
  arrive();
}

/** The address of this page with `open` in its panel: for links, which Back undoes. */
export const openHref = (open) => panelAt(here.value.path, here.value.query, open);

/** What the panel over this page shows, such as `message:019b`; empty without one. */
export const opened = () => here.value.query[PANEL] ?? "";

/** Closes the panel: back to where it was opened, or to the page alone for whoever came by its address. */
export function closePanel() {
  if (isOverPage()) history.back();
  else go(openHref(""), { isReplacing: true });
}

/** Changes the query of the page at `path` without leaving it: filters that survive a reload. Its panel stays. */
export function putQuery(path, query) {
  if (location.pathname !== path) return; // it was left while the next page loads
  const panel = opened() && { [PANEL]: opened() };
  const said = Object.entries({ ...query, ...panel }).filter(([, value]) => value);
  const text = new URLSearchParams(said).toString();
  history.replaceState(history.state, "", text ? `?${text}` : location.pathname);
  current = location.href;
  here.value = read();
}

async function travel() {
  const target = location.href;
  const entry = history.state;
  if (guard && !isOverlay(current, target)) {
    history.pushState(currentEntry(), "", current);
    if (!(await guard())) return;
    guard = null;
    history.replaceState(entry, "", target);
  }
  leaveEntry();
  arrive(enterEntry(entry));
}

const isPlain = (event) => !(event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

const SLIP_PX = 4; // a click during which the pointer moved further marked something
let pressed = null;

/** Whether a click is the end of marking a text inside `node`, which is to be copied and not followed. */
function isMarking({ clientX, clientY }, node) {
  const selection = getSelection();
  const moved = pressed ? Math.hypot(clientX - pressed.clientX, clientY - pressed.clientY) : 0;
  return moved > SLIP_PX && !selection.isCollapsed && selection.containsNode(node, true);
}

/** The link that a click means: the one that was hit, or that of the row around (`a.whole`). */
function linkOf({ target }) {
  const hit = target.closest?.("a[href], button, input, select, textarea, label, summary, [role=button]");
  return hit ? hit.closest("a[href]") : rowOf(target)?.querySelector("a.whole") ?? null;
}
const rowOf = (node) => node.closest?.("tr, .line");

const NEAR_MS = 80; // a pointer that only passes a link asks for nothing

/** Tells `onNear(path, query)` of links that the pointer rests on or the focus reaches. */
function startNear(isOurs, onNear) {
  let timer = 0;
  const look = (event) => {
    clearTimeout(timer);
    const link = linkOf(event);
    if (!link || link.origin !== location.origin || !isOurs(link.pathname)) return;
    timer = setTimeout(() => onNear(link.pathname, Object.fromEntries(new URLSearchParams(link.search))), NEAR_MS);
  };
  document.addEventListener("pointerover", look, { passive: true });
  document.addEventListener("focusin", look);
}

/** Starts to take clicks on links to addresses that `isOurs` accepts; `onNear` hears which may be followed next. */
export function startRouter(isOurs, onNear) {
  startNear(isOurs, onNear);
  startEntries();
  addEventListener("popstate", travel);
  addEventListener("beforeunload", (event) => {
    if (guard) event.preventDefault();
  });
  document.addEventListener("pointerdown", (event) => { pressed = event; });
  document.addEventListener("click", (event) => {
    const link = linkOf(event);
    if (!link || event.defaultPrevented) return;
    if (isMarking(event, rowOf(link) ?? link)) return event.preventDefault();
    if (!isPlain(event)) return;
    if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.hash || !isOurs(link.pathname)) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}
