// A line of the consent ledger in words. Nothing here draws.
import { SOURCES } from "./inbox-words.js";

const written = (value) => (value === null ? "not set" : String(value));

/** What a line says: "Number suppressed by a reply of the person". */
export function consentWords({ what, source, before, after }) {
  const by = SOURCES[source] ?? source;
  if (what !== "suppression") {
    return `${what} ${written(before)} → ${written(after)}, by ${source === "profile" ? "an upload" : by}`;
  }
  const became = after ? (before ? "suppressed again" : "suppressed") : "released";
  return `Number ${became} by ${by}`;
}
