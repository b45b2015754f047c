// An audience as its page holds it, and what the server said of its lines. Nothing here draws.

/** A path of the server, as forms name places: `rule.all[0].not` is `rule.all.0.not`. */
export const placeOf = (path) => path.replace(/\[(\d+)\]/g, ".$1");

/** What the server said by path, by the places of a form. */
export const byPlace = (lines) => Object.fromEntries(Object.entries(lines ?? {}).map(([path, one]) =>
  [placeOf(path), one]));

/** The rule of a draft is worth counting: it is there, and no name in it is empty. */
export function isCountable(rule) {
  if (rule === null || typeof rule !== "object") return false;
  if (rule.all || rule.any) return (rule.all ?? rule.any).length > 0 && (rule.all ?? rule.any).every(isCountable);
  if (rule.not) return isCountable(rule.not);
  return ["profile", "did", "member", "listed"].every((key) => !(key in rule) || String(rule[key]).trim() !== "");
}
