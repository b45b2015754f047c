// Lines of the audit log in words. Nothing here draws.
import { fieldName, valueText } from "./campaign-history.js";
import { campaignAt, providerAt } from "./places.js";
import { count, sentence } from "./words.js";

export const KINDS = [["campaign", "Campaign"], ["provider", "Provider"], ["account", "Account"],
  ["audience", "Audience"], ["list", "List"], ["person", "Person"]];

const LOOKS = {
  created: ["good", "plus"], published: ["good", "play"], resumed: ["good", "play"], restored: ["good", "again"],
  changed: ["going", "edit"], paused: ["warn", "pause"], stopped: ["warn", "stop"], archived: ["", "archive"],
  deleted: ["bad", "trash"], erased: ["bad", "trash"],
};
const SENDING = ["paused", "resumed"]; // what may become of all sending, by the account's switch
const WAYS = { import: "by an import", apply: "by a plan that was applied", clone: "as a copy" };
const FIELDS_NAMED = 3;

/** What happened, as a badge has it: its tone, its icon and a word. */
export const lookOf = ({ what }) => [...(LOOKS[what] ?? ["", "info"]), sentence(what)];

export const kindName = (kind) => KINDS.find(([key]) => key === kind)?.[1] ?? sentence(kind);

/** What the thing was called then. */
export function nameOf({ kind, name, object_id: id, what }) {
  if (kind === "account") return SENDING.includes(what) ? "All sending" : "Account";
  return name || id;
}

/** A line as a title: “Cart reminder published”. */
export const titleOf = (line) => `${nameOf(line)} ${line.what}`;

/** What the change was part of, empty where somebody changed just this. */
export const wayWords = ({ way }) => WAYS[way] ?? "";

/** The fields that became otherwise, the first few by name. */
export function fieldsInShort({ fields, left_out: leftOut }) {
  const names = fields.slice(0, FIELDS_NAMED).map(({ field }) => fieldName(field));
  const more = fields.length + leftOut - names.length;
  return [...names, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

/** One side of a field: what stood there, and how much of it is kept. */
export function sideOf({ is_secret: isSecret, ...diff }, side) {
  const value = diff[side] ?? null;
  if (isSecret) return { text: "A secret; not kept.", isNothing: true, cut: "" };
  const length = diff[`${side}_length`] ?? 0;
  const text = typeof value === "string" && value !== "" ? value : valueText(value);
  const cut = length ? `The beginning of ${count(length, "character")}.` : "";
  return { text, isNothing: value === null, cut };
}

/** The page of the thing that a line is about; null where it has none, or is gone. */
export function placeOf({ kind, object_id: id, what }) {
  if (what === "deleted") return null;
  return { campaign: campaignAt, provider: providerAt }[kind]?.(id) ?? null;
}
