// What fits typed words: from a list that is here at once, from a function when its answer comes. What was found
// before stands until then.
import { useEffect, useState } from "./preact.js";
import { ranked } from "./palette/ranking.js";

const REST_MS = 120; // of typing, before a server is asked

/**
 * @param {{name: string}[] | ((words: string, signal: AbortSignal) => Promise<{name: string}[]>)} source
 * @returns {{items: any[], isBusy: boolean, error: any}}
 */
export function useFound(source, words, limit, isOn = true) {
  const isList = Array.isArray(source);
  const [answer, setAnswer] = useState({ words: null, items: [], error: null });
  useEffect(() => {
    if (isList || !isOn) return;
    const abort = new AbortController();
    const ask = () => source(words, abort.signal).then(
      (items) => abort.signal.aborted || setAnswer({ words, items, error: null }),
      (error) => abort.signal.aborted || setAnswer((old) => ({ ...old, words, error })),
    );
    const timer = setTimeout(ask, words ? REST_MS : 0);
    return () => { clearTimeout(timer); abort.abort(); };
  }, [isList, isOn, words]);
  if (isList) return { items: ranked(source, words, limit), isBusy: false, error: null };
  const items = answer.items.slice(0, limit).map((item) => ({ marks: [], ...ranked([item], words)[0], ...item }));
  return { items, isBusy: isOn && answer.words !== words, error: answer.error };
}
