// Changes of campaigns: shown at once, taken back with the server's reason, and with Undo where they can be undone.
import { post } from "../api.js";
import { inPieces, outcome, undoOf } from "../bulk.js";
import { allChangedBy, changedBy } from "../campaign-changes.js";
import { write } from "../data.js";
import { count } from "../words.js";

const TOPICS = /** @type {Topic[]} */ (["campaigns"]);
/** @returns {`/campaigns/${string}`} */
export const pathOf = (id) => `/campaigns/${encodeURIComponent(id)}`;

/**
 * Where a change is shown: in the table that `path` answers.
 * @param {`/campaigns/table?span=${string}`} path
 */
export const inTable = (path) => ({
  path,
  shown: (change, ids) => (table) => ({ ...table, campaigns: allChangedBy(change, ids, table.campaigns) }),
});

/** Where a change is shown: on the page of a campaign. */
export const onPage = (id) => ({ path: pathOf(id), shown: (change) => (one) => changedBy(change, one) ?? one });

const NOT_DONE = {
  pause: "paused", resume: "resumed", label: "labelled", archive: "archived", restore: "restored", clone: "duplicated",
  delete: "deleted",
};

/**
 * Makes the same change to campaigns. Resolves to what happened to each, undefined if nothing is known.
 * @param {number[]} ids
 * @param {{do: string, add?: string[], remove?: string[]}} change
 * @param {ReturnType<typeof inTable> | ReturnType<typeof onPage>} place
 */
export const makeChange = (ids, change, place) => write({
  path: /** @type {string} */ (place.path), topics: TOPICS,
  change: /** @type {any} */ (place.shown(change, ids)),
  send: () => inPieces(ids, (piece) => post("/campaigns/bulk", { ids: piece, change })),
  done: (results) => outcome(change.do, results),
  undo: (results) => {
    const back = undoOf(change, results);
    return back && (() => makeChange(back.ids, back.change, place));
  },
  failed: `${count(ids.length, "campaign")} not ${NOT_DONE[change.do]}.`,
});

/** One verb of a campaign's page: `done` is said of it once it is so, `not` if it is not. */
function act(campaign, verb, { query = "", body = undefined, done, not, undo = undefined }) {
  const path = pathOf(campaign.id);
  return write({
    path, topics: TOPICS,
    change: /** @type {any} */ ((one) => changedBy({ do: verb }, one)),
    send: () => post(/** @type {any} */ (`${path}/${verb}${query}`), body),
    done: () => `${campaign.name} ${done}`, undo: () => undo, failed: `${campaign.name} ${not}`,
  });
}

export const publish = (campaign) => act(campaign, "publish", { done: "runs.", not: "is not published." });

export const stop = (campaign, queued) =>
  act(campaign, "stop", { query: `?queued=${queued}`, done: "is stopped.", not: "is not stopped." });

export const pause = (campaign) => act(campaign, "pause", {
  done: "is paused: nobody enters, and nobody inside goes on.", not: "is not paused.", undo: () => resume(campaign),
});

/** `body` says what becomes of those who are overdue; whom it moved on, no Undo brings back. */
export const resume = (campaign, body = undefined) => act(campaign, "resume", {
  body, done: "goes on.", not: "is not resumed.", undo: body?.overdue ? undefined : () => pause(campaign),
});
