// The rows of the table of campaigns, and the views of it. Nothing here draws.
import { fits } from "/static/shared/ui/filter/terms.js";
import { startInShort } from "./journey-words.js";
import { sentence } from "./words.js";

/** How a campaign stands, the most urgent first: the order of the list at first. */
const STANDINGS = ["failing", "running", "scheduled", "paused", "draft", "ended", "stopped", "archived"];

/** What starts a campaign, in a word beside what starts it. */
export function startKind(start) {
  if (start.date) return "date";
  if (start.rule || start.at) return "schedule";
  if (start.joins) return "audience";
  return start.call ? "call" : "event";
}

/** A label as a value of the address, in which a comma stands between two. */
export const labelKey = (label) => label.replace(/[%,]/g, encodeURIComponent);

const SAID_BY_KIND = /^(Runs|On the date in) (.)/; // the word beside it says it too

/** A row of the API's as the table shows it. */
function rowOf(one) {
  const when = startInShort(one.start).replace(SAID_BY_KIND, (_all, _verb, first) => first.toUpperCase());
  const name = one.name || "Without a name";
  const words = [name, when, one.who, ...one.labels];
  return { ...one, name, when, kind: startKind(one.start), sought: words.join("\n").toLowerCase() };
}

/** All rows in the order in which they stand at first: what needs somebody before what is over. */
export const rowsOf = (campaigns) => campaigns.map(rowOf)
  .sort((a, b) => STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing) || b.id - a.id);

const isTrouble = ({ code }) => code !== "over";
const isListed = (row) => row.standing !== "archived";

/** The views that everybody has: a key for the address, a name, which rows they hold, and what is said of none. */
export const VIEWS = [
  { key: "all", name: "All", holds: isListed },
  { key: "attention", name: "Needs attention", none: "No campaign needs attention",
    holds: (row) => isListed(row) && row.facts.some(isTrouble) },
  { key: "journeys", name: "Journeys", none: "No journey yet", holds: (row) => isListed(row) && row.is_journey },
  { key: "archived", name: "Archived", none: "No campaign is archived", holds: (row) => row.standing === "archived" },
];

export const viewOf = (query) => VIEWS.find(({ key }) => key === query.view) ?? VIEWS[0];

/** The fields that the table is filtered by; `labels` are all that any campaign has. */
export const fieldsOf = (labels) => [
  { key: "state", name: "State", kind: "choice", value: (row) => row.standing,
    options: STANDINGS.filter((one) => one !== "archived").map((one) => [one, sentence(one)]) },
  { key: "label", name: "Label", kind: "choice", options: labels.map((one) => [labelKey(one), one]) },
];

export const labelsOf = (rows) => [...new Set(rows.flatMap(({ labels }) => labels))].sort((a, b) => a.localeCompare(b));

/** The rows of a view that fit the filters and hold the words. */
export function found(rows, view, terms, fields, words) {
  const sought = words.trim().toLowerCase();
  const labels = terms.find(({ key }) => key === "label")?.values;
  const others = terms.filter(({ key }) => key !== "label");
  return rows.filter((row) => view.holds(row) && row.sought.includes(sought) && fits(row, others, fields)
    && (!labels || row.labels.some((label) => labels.includes(labelKey(label)))));
}

// What a view that somebody saves consists of; the rest of the address is how it is looked at.
const KEPT = ["view", "q", "state", "label", "sort"];

/** The query that a saved view keeps, always in the same order. */
export const queryText = (query) => new URLSearchParams(KEPT.filter((key) => query[key] && query[key] !== "all")
  .map((key) => [key, query[key]])).toString();

/** What a saved view puts into the address. */
export const queryOfText = (text) => Object.fromEntries(new URLSearchParams(text));

/** The key of the tab that is chosen: that of a saved view if the address says just what it says. */
export function tabOf(query, saved) {
  const text = queryText(query);
  const own = text && saved.find((one) => queryText(queryOfText(one.query)) === text);
  return own ? `own:${own.id}` : viewOf(query).key;
}
