// What a document was before each change: undo and redo. Changes of one place that follow each other closely are one.
import { difference, isSame } from "./tree.js";

const LIMIT = 200; // changes that are remembered
const PAUSE_MS = 800; // who stops typing for longer begins another change

/**
 * @typedef {{past: any[], now: any, future: any[], place: string | null, at: number}} History
 * @returns {History}
 */
export const begun = (now) => ({ past: [], now, future: [], place: null, at: 0 });

/** The history after a change at the moment `at`, in milliseconds. @returns {History} */
export function changed(history, now, at) {
  if (isSame(history.now, now)) return history;
  const place = difference(history.now, now);
  const goesOn = place !== "" && place === history.place && at - history.at < PAUSE_MS;
  const past = goesOn ? history.past : [...history.past, history.now].slice(-LIMIT);
  return { past, now, future: [], place, at };
}

/** @returns {History} */
export function undone(history) {
  if (!history.past.length) return history;
  const future = [history.now, ...history.future];
  return { past: history.past.slice(0, -1), now: history.past.at(-1), future, place: null, at: 0 };
}

/** @returns {History} */
export function redone(history) {
  if (!history.future.length) return history;
  const [now, ...future] = history.future;
  return { past: [...history.past, history.now], now, future, place: null, at: 0 };
}
