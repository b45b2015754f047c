// The rows of a table in order: short tables at once, long ones a slice at a time while the old order stands.
import { useEffect, useMemo, useState } from "../preact.js";
import { atOnce, inSlices } from "../slices.js";
import { sortText, sorting } from "./sorting.js";

const QUICK = 2000; // rows sorted within a few milliseconds

export function useSorted(rows, sort, columns) {
  const [done, setDone] = useState(null);
  const text = sortText(sort);
  const steps = () => sorting(rows, sort, columns.find(({ key }) => key === sort?.key)?.value);
  const short = useMemo(() => (!sort || rows.length <= QUICK ? atOnce(steps()) : null), [rows, text]);
  useEffect(() => {
    if (short) return;
    const abort = new AbortController();
    inSlices(steps(), abort.signal).then(
      (sorted) => setDone({ rows, text, sorted }),
      (error) => { if (!abort.signal.aborted) throw error; },
    );
    return () => abort.abort();
  }, [rows, text]);
  if (short) return { sorted: short, isSorting: false };
  return { sorted: done?.sorted ?? rows, isSorting: done?.rows !== rows || done?.text !== text };
}
