// What was undone and what can be: lists of steps as they were, and where the mark stood then. Pure.

const KEPT = 200; // changes that can be undone
const TOGETHER_MS = 1_500; // typing in one field is one change as long as it does not rest for longer

/** @typedef {{steps: any[], selected: string}} Moment */
/** @typedef {{past: Moment[], future: Moment[], tag: string, at: number}} History */

/** @returns {History} */
export const noHistory = () => ({ past: [], future: [], tag: "", at: 0 });

/** Remembers how it was before a change; changes of the same `tag` that follow soon are one. */
export function changed(history, before, tag = "", now = 0) {
  const isSame = tag !== "" && tag === history.tag && now - history.at < TOGETHER_MS;
  const past = isSame ? history.past : [...history.past, before].slice(-KEPT);
  return { past, future: [], tag, at: now };
}

/** @returns {[History, Moment] | null} the history then, and how it was before the last change */
export function undone({ past, future }, current) {
  return past.length ? [{ past: past.slice(0, -1), future: [current, ...future], tag: "", at: 0 }, past.at(-1)] : null;
}

/** @returns {[History, Moment] | null} */
export function redone({ past, future: ahead }, current) {
  const [next, ...future] = ahead;
  return next ? [{ past: [...past, current], future, tag: "", at: 0 }, next] : null;
}
