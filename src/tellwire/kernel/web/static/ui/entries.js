// What each entry of the tab's history is left with: where it was scrolled to, and what its lists had loaded.
// Back finds it again.
const LIMIT = 30; // entries whose lists are remembered; older ones load anew
const PATIENCE_MS = 3000; // a page that is not tall enough by then has become another
const STIRRINGS = ["wheel", "pointerdown", "keydown", "touchstart", "popstate"];
const KEY = "tellwire.scroll";

const kept = new Map(); // by the entry's id: {top, lists}
let id = ""; // of the entry that is shown
let last = 0;

let isPanel = false; // whether this entry was made by opening something over the page of the one before

/** The state of a new entry, which from now on is the one shown; one over the same page shares its lists. */
export function newEntry({ isOver = false } = {}) {
  const shared = isOver ? lists() : null;
  last += 1;
  id = `${Date.now().toString(36)}-${last}`;
  isPanel = isOver;
  if (shared) kept.set(id, { top: scrollY, lists: shared });
  return currentEntry();
}

export const currentEntry = () => ({ id, isPanel });

/** Whether going back closes what stands over the page. */
export const isOverPage = () => isPanel;

/** Notes where the page is scrolled to before another is shown. */
export function leaveEntry() {
  lists();
  kept.get(id).top = scrollY;
}

/** Makes the entry with this state the one shown, and returns where it was scrolled to. */
export function enterEntry(state) {
  id = state?.id ?? "";
  isPanel = Boolean(state?.isPanel);
  return kept.get(id)?.top ?? 0;
}

/** A map in which the lists of this entry keep what they have loaded, as long as the tab lives. */
export function lists() {
  const entry = kept.get(id) ?? { top: 0, lists: new Map() };
  kept.delete(id);
  kept.set(id, entry); // the newest last
  if (kept.size > LIMIT) kept.delete(kept.keys().next().value);
  return entry.lists;
}

/** Scrolls there as soon as what is loading is tall enough, and again when it grows, until somebody scrolls. */
export function scrollWhenTall(top) {
  const stop = new AbortController();
  const look = new ResizeObserver(() => {
    if (document.documentElement.scrollHeight - innerHeight >= top) scrollTo(0, top);
  });
  stop.signal.addEventListener("abort", () => look.disconnect());
  for (const kind of STIRRINGS) addEventListener(kind, () => stop.abort(), { signal: stop.signal });
  setTimeout(() => stop.abort(), PATIENCE_MS);
  scrollTo(0, 0);
  look.observe(document.body);
}

/** Takes scrolling over from the browser, which does not know when a page is whole; a reload finds its place too. */
export function startEntries() {
  history.scrollRestoration = "manual";
  if (history.state?.id) enterEntry(history.state);
  else history.replaceState(newEntry(), "");
  const storage = stored();
  const top = storage?.id === id ? storage.top : 0;
  if (top) scrollWhenTall(top);
  addEventListener("pagehide", () => {
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ id, top: scrollY }));
    } catch {
      // Storage may be forbidden; a reload then begins at the top.
    }
  });
}

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}
