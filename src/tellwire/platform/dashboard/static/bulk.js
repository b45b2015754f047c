// The same change to many campaigns: asked for in pieces, and what came of it in one sentence. Nothing here draws.
import { count } from "./words.js";

const PIECE = 50; // campaigns of one request: a second of saving at most
export const EXPORT_LIMIT = 200; // campaigns of one export by their ids

/** What happened to each campaign, as the server says it: `send(ids)` asks for one piece. */
export async function inPieces(ids, send) {
  const results = [];
  for (let at = 0; at < ids.length; at += PIECE) results.push(...(await send(ids.slice(at, at + PIECE))).results);
  return results;
}

const VERBS = {
  pause: "paused", resume: "resumed", label: "labelled", archive: "archived", restore: "restored", clone: "duplicated",
  delete: "deleted",
};

/** What happened, in a sentence: how many were changed, and why the others were not. */
export function outcome(verb, results) {
  const done = results.filter((one) => one.outcome === "done").length;
  const refused = results.filter((one) => one.outcome === "refused");
  const reasons = [...new Set(refused.map(({ message }) => message))];
  return [
    done > 0 && `${count(done, "campaign")} ${VERBS[verb]}.`,
    !done && !refused.length && "Nothing to change: they are so already.",
    refused.length > 0 && `${count(refused.length, "campaign")} not: ${reasons[0]}`,
    reasons.length > 1 && `And ${count(reasons.length - 1, "other reason")}.`,
  ].filter(Boolean).join(" ");
}

/** The change that takes another one back, and of which campaigns; null if nothing can or need be taken back. */
export function undoOf(change, results) {
  const done = results.filter((one) => one.outcome === "done");
  if (!done.length) return null;
  const ids = done.map(({ id }) => id);
  const inverse = { pause: "resume", resume: "pause", archive: "restore", restore: "archive" }[change.do];
  if (inverse) return { ids, change: { do: inverse } };
  if (change.do === "clone") return { ids: done.map((one) => one.copy_id), change: { do: "delete" } };
  if (change.do === "label") {
    return { ids, change: { do: "label", add: change.remove ?? [], remove: change.add ?? [] } };
  }
  return null;
}
