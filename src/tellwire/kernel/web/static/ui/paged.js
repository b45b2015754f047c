// Lists that are longer than one answer.
import { useEffect, useRef, useState } from "./preact.js";

/**
 * `load(place, signal)` answers `{rows, next, ...}`: `place` is null for the beginning, `next` null at the end.
 * What stands stays until the new answer is there; an answer that was overtaken is dropped. `pages` are the answers.
 */
export function usePaged(load, deps) {
  const [state, setState] = useState({ pages: [], isLoaded: false, isBusy: false, error: null });
  const [round, setRound] = useState(0);
  const running = useRef(null);
  const ask = async (place) => {
    running.current?.abort();
    const { signal } = (running.current = new AbortController());
    setState((old) => ({ ...old, isBusy: true }));
    try {
      const page = await load(place, signal);
      if (signal.aborted) return;
      setState((old) => ({ pages: place === null ? [page] : [...old.pages, page], isLoaded: true, isBusy: false, error: null }));
    } catch (error) {
      if (!signal.aborted) setState((old) => ({ ...old, isBusy: false, error }));
    }
  };
  useEffect(() => { ask(null); return () => running.current.abort(); }, [...deps, round]);
  const next = state.pages.at(-1)?.next ?? null;
  return {
    ...state, next,
    rows: state.pages.flatMap((page) => page.rows),
    more: () => next === null || state.isBusy || ask(next),
    reload: () => setRound((old) => old + 1),
  };
}
