// What a page asks the server for, by address: see docs/howto/write-a-page.md.
//
//     const { data, error, reload } = useData("/campaigns", ["campaigns"]);
import { Cache } from "./cache.js";
import { Changes } from "./changes.js";
import { useLayoutEffect, useMemo, useState } from "./preact.js";
import { whoOf } from "./session.js";
import { toast } from "./toast.js";

const SAFETY_MS = 60_000; // topics only make it faster: what is shown is asked for again without them too
const NO_TOPICS = [];
const SERVER_FAILED = 500; // from here on a status is no refusal

/** The data of the API below `base`; `api` is that of `apiAt`. */
export function dataOf(api, base) {
  const cache = new Cache();
  let missed = []; // topics that changed while the tab could not be seen; null for all
  const tell = (topics) => {
    if (document.visibilityState === "visible") return cache.invalidate(topics);
    missed = topics && missed ? [...new Set([...missed, ...topics])] : null;
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || missed?.length === 0) return;
    cache.invalidate(missed);
    missed = [];
  });
  const changes = new Changes({
    open: () => new EventSource(`${base}/changes`),
    keepSession: () => Promise.resolve(api.keepSession()).catch(() => {}), // unreachable: the next try will tell
    onTopics: tell,
  });
  let who = "";
  api.session.subscribe((session) => {
    const isAnother = session && who && whoOf(session) !== who; // what the first page asked for is of who comes
    if (session === null || isAnother) cache.clear();
    who = session ? whoOf(session) : "";
  });
  const loader = (path) => (signal) => api.get(path, { signal });

  /**
   * What `path` answers, null for nothing yet; asked for again when one of the `topics` changed.
   * `everyMs` is for what no topic tells; null is for what does not change while the page stands.
   */
  function useData(path, topics = NO_TOPICS, { everyMs = SAFETY_MS } = {}) {
    const [, redraw] = useState(0);
    const names = topics.join(" ");
    useLayoutEffect(() => { // an effect would ask a frame later
      if (path === null) return;
      const leave = cache.watch(path, loader(path), topics, () => redraw((old) => old + 1));
      const leaveChanges = names ? changes.listen() : null;
      redraw((old) => old + 1); // what was known may have changed between drawing and now
      const timer = everyMs === null ? undefined
        : setInterval(() => document.visibilityState === "visible" && cache.refresh(path), everyMs);
      return () => { clearInterval(timer); leave(); leaveChanges?.(); };
    }, [path, names, everyMs]);
    const { data, error, isLoading: isAsked } = cache.read(path ?? "");
    const isLoading = path !== null && (isAsked || (data === undefined && !error));
    return useMemo(() => ({
      data, error, isLoading,
      reload: () => path !== null && cache.reload(path),
      put: (better) => path !== null && cache.put(path, better),
    }), [data, error, isLoading, path]);
  }

  const changed = (...topics) => cache.invalidate(topics, { isNow: true });

  /**
   * Shows `change(data)` of `path` at once while `send` asks the server, and says what came of it: `done(answer)`, with
   * an Undo that runs what `undo(answer)` gives, if it gives anything. What the server refuses is taken back, and said
   * after `failed`. `topics` are what it changed on other pages. Resolves to the answer, undefined if there is none.
   */
  async function write(what) {
    const { path, change, send, done, undo, failed = "", topics = NO_TOPICS } = what;
    try {
      const answer = await cache.write(path, change, send);
      const back = undo?.(answer);
      const text = done?.(answer);
      if (text) toast(text, back && { label: "Undo", run: back });
      return answer;
    } catch (error) {
      const isOurs = error.status > 0 && error.status < SERVER_FAILED; // the same again would be refused again
      toast(`${failed} ${error.message}`.trim(), isOurs ? undefined : { label: "Try again", run: () => write(what) });
      return undefined;
    } finally {
      changed(...topics);
    }
  }

  return {
    useData, write,
    /** Asks for what the page behind a link shows, before it is followed. */
    prefetch: (path, topics = NO_TOPICS) => cache.prefetch(path, loader(path), topics),
    /** Says that what has these topics changed by something this page did. */
    changed,
  };
}
