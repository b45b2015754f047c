// Lists that are longer than one answer.
import { lists } from "./entries.js";
import { useEffect, useLayoutEffect, useRef, useState } from "./preact.js";

const NOTHING = { pages: [], isLoaded: false, isBusy: false, error: null };

/**
 * `load(place, signal)` answers `{rows, next, ...}`: `place` is null for the beginning, `next` null at the end.
 * What stands stays until the new answer is there; an answer that was overtaken is dropped. `pages` are the answers.
 * Who comes back to the page by the browser's Back finds what was loaded before.
 */
export function usePaged(load, deps) {
  const memory = useState(lists)[0]; // of the history's entry that this page was opened for
  const place = JSON.stringify(deps);
  const [state, setState] = useState(() => memory.get(place) ?? NOTHING);
  const isBack = useRef(state.isLoaded);
  const [round, setRound] = useState(0);
  const running = useRef(null);
  const ask = async (place) => {
    running.current?.abort();
    const abort = new AbortController();
    const { signal } = abort;
    running.current = abort;
    setState((old) => ({ ...old, isBusy: true }));
    try {
      const page = await load(place, signal);
      if (signal.aborted) return;
      setState((old) => {
        const pages = place === null ? [page] : [...old.pages, page];
        return { pages, isLoaded: true, isBusy: false, error: null };
      });
    } catch (error) {
      if (!signal.aborted) setState((old) => ({ ...old, isBusy: false, error }));
    }
  };
  useLayoutEffect(() => { // an effect would ask a frame later
    if (!isBack.current) ask(null);
    isBack.current = false;
    return () => running.current?.abort();
  }, [...deps, round]);
  useEffect(() => { if (state.isLoaded && !state.isBusy) memory.set(place, state); }, [state]);
  const next = state.pages.at(-1)?.next ?? null;
  return {
    ...state, next,
    rows: state.pages.flatMap((page) => page.rows),
    more: () => next === null || state.isBusy || ask(next),
    reload: () => setRound((old) => old + 1),
  };
}
