// Loading for components: keeps what was shown while it asks again, so that nothing jumps.
import { useEffect, useRef, useState } from "./preact.js";

/**
 * Runs `load(abortSignal)` whenever `deps` change; `reload` asks again, `put` shows what is known better;
 * an error stands until an answer comes.
 * @template Data
 * @param {(signal: AbortSignal) => Promise<Data>} load
 * @param {unknown[]} deps
 * @returns {{data: Data | undefined, error: any, isLoading: boolean, put(data: Data): void, reload(): void}}
 */
export function useResource(load, deps) {
  const [state, setState] = useState({ data: undefined, error: null, isLoading: true });
  const [round, setRound] = useState(0);
  const known = useRef(JSON.stringify(deps));
  const running = useRef(null);
  useEffect(() => {
    const abort = new AbortController();
    running.current = abort;
    const isSame = known.current === JSON.stringify(deps);
    known.current = JSON.stringify(deps);
    setState((old) => (isSame ? { ...old, isLoading: true } : { data: undefined, error: null, isLoading: true }));
    load(abort.signal).then(
      (data) => abort.signal.aborted || setState({ data, error: null, isLoading: false }),
      (error) => abort.signal.aborted || setState((old) => ({ data: old.data, error, isLoading: false })),
    );
    return () => abort.abort();
  }, [...deps, round]);
  const put = (data) => {
    running.current?.abort(); // what was asked for before knows nothing of it
    setState({ data, error: null, isLoading: false });
  };
  return { ...state, put, reload: () => setRound((old) => old + 1) };
}

/** The value once it has rested for `ms`. */
export function useRested(value, ms) {
  const [rested, setRested] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return rested;
}

/**
 * As `useResource`, and again every `ms` while the page can be seen.
 * @template Data
 * @param {(signal: AbortSignal) => Promise<Data>} load
 * @param {unknown[]} deps
 * @param {number} ms
 */
export function usePolled(load, deps, ms) {
  const resource = useResource(load, deps);
  const latest = useRef(resource);
  latest.current = resource;
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible" && !latest.current.isLoading) latest.current.reload();
    }, ms);
    return () => clearInterval(timer);
  }, [ms]);
  return resource;
}
