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
   * `everyMs` is for what no topic tells.
   */
  function useData(path, topics = NO_TOPICS, { everyMs = SAFETY_MS } = {}) {
    const [, redraw] = useState(0);
    const names = topics.join(" ");
    useLayoutEffect(() => { // an effect would ask a frame later
      if (path === null) return;
      const leave = cache.watch(path, loader(path), topics, () => redraw((old) => old + 1));
      const leaveChanges = names ? changes.listen() : null;
      redraw((old) => old + 1); // what was known may have changed between drawing and now
      const timer = setInterval(() => document.visibilityState === "visible" && cache.refresh(path), everyMs);
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

  return {
    useData,
    /** Asks for what the page behind a link shows, before it is followed. */
    prefetch: (path, topics = NO_TOPICS) => cache.prefetch(path, loader(path), topics),
    /** Says that what has these topics changed by something this page did. */
    changed: (...topics) => cache.invalidate(topics, { isNow: true }),
    /**
     * Shows `change(data)` of `path` at once and sends it; `undo`, if given, is offered in the toast that says `done`.
     * What the server refuses is taken back and said.
     */
    async write({ path, change, send, done, undo = undefined }) {
      try {
        const answer = await cache.write(path, change, send);
        if (done) toast(done, undo && { label: "Undo", run: undo });
        return answer;
      } catch (error) {
        toast(error.message);
        return undefined;
      }
    },
  };
}
