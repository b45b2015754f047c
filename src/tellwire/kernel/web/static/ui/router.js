// Real paths on the history API. Links are plain <a href>; a click on one below our own base stays inside the page.
import { signal } from "./preact.js";

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

export async function go(href, { isReplacing = false, isForced = false } = {}) {
  if (!isForced && !(await mayLeave())) return;
  guard = null;
  history[isReplacing ? "replaceState" : "pushState"](null, "", href);
  current = location.href;
  here.value = read();
  if (!isReplacing) scrollTo(0, 0);
}

/** Changes the query of the page at `path` without leaving it: filters that survive a reload. */
export function putQuery(path, query) {
  if (location.pathname !== path) return; // it was left while the next page loads
  const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value)).toString();
  history.replaceState(null, "", text ? `?${text}` : location.pathname);
  current = location.href;
  here.value = read();
}

/** Starts to take clicks on links to addresses that `isOurs` accepts. */
export function startRouter(isOurs) {
  addEventListener("popstate", async () => {
    const target = location.href;
    if (guard) {
      history.pushState(null, "", current);
      if (!(await guard())) return;
      guard = null;
      history.replaceState(null, "", target);
    }
    current = target;
    here.value = read();
  });
  addEventListener("beforeunload", (event) => {
    if (guard) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.("a[href]");
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin || link.hash || !isOurs(link.pathname)) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}

/** Path patterns (":name" is one part of a path) with what belongs to them -> a finder. */
export function finder(pages, missing) {
  const known = pages.map(([pattern, load]) => ({ match: new RegExp(`^${pattern.replace(/:(\w+)/g, "(?<$1>[^/]+)")}/?$`), load }));
  return (path) => {
    for (const { match, load } of known) {
      const found = match.exec(path);
      if (found) return { load, params: Object.fromEntries(Object.entries(found.groups ?? {}).map(([key, text]) => [key, decodeURIComponent(text)])) };
    }
    return { load: missing, params: {} };
  };
}
