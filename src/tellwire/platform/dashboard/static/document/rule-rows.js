// A rule as rows of sentences: a group of which all or any must hold, rows of it that may be turned round by "not", and
// groups within. Nothing here draws.
import { isPlainCondition } from "./comparison.js";
import { isPlainDid } from "./did-row.js";

/** The kinds of rows beside that of a property, by the key that names each: what its row says, and its field. */
export const ROW_KINDS = [
  ["reachable", "Can be reached by", "Channel"], ["listed", "Is on the list", "List"],
  ["member", "Is in the audience", "Audience"],
];
const NAMED = ROW_KINDS.map(([kind]) => kind);

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** `{mode, rows, isBare}`: a rule that stands alone is a group of one, and stays alone while it is the only one. */
export function groupOf(rule) {
  if (rule == null) return { mode: "all", rows: [], isBare: false };
  if (isGroup(rule, "all")) return { mode: "all", rows: rule.all, isBare: false };
  if (isGroup(rule, "any")) return { mode: "any", rows: rule.any, isBare: false };
  return { mode: "all", rows: [rule], isBare: true };
}

const isGroup = (rule, mode) => isObject(rule) && Object.keys(rule).length === 1 && Array.isArray(rule[mode]);

/** The rule of a group; undefined for no row, which is everybody. */
export function ruleOf({ mode, rows, isBare }) {
  if (!rows.length) return undefined;
  return isBare && rows.length === 1 ? rows[0] : { [mode]: rows };
}

/** `{isNot, inner, kind}`; the kind of what no row can show is "raw". */
export function rowOf(rule) {
  const isNot = isObject(rule) && Object.keys(rule).length === 1 && "not" in rule;
  const inner = isNot ? rule.not : rule;
  const kind = kindOf(inner);
  return kind === "raw" ? { isNot: false, inner: rule, kind } : { isNot, inner, kind };
}

function kindOf(rule) {
  if (isGroup(rule, "all")) return "all";
  if (isGroup(rule, "any")) return "any";
  if (!isObject(rule)) return "raw";
  const [key, ...others] = Object.keys(rule);
  if (!others.length && NAMED.includes(key) && typeof rule[key] === "string") return key;
  if ("did" in rule) return isPlainDid(rule) ? "did" : "raw";
  return "profile" in rule && isPlainCondition(rule) ? "profile" : "raw";
}

export const turned = (inner, isNot) => (isNot ? { not: inner } : inner);

const BLANK = {
  profile: () => ({ profile: "", equals: "" }), reachable: () => ({ reachable: "sms" }), listed: () => ({ listed: "" }),
  member: () => ({ member: "" }), did: () => ({ did: "" }),
};

/** A new row; a group begins with one condition. */
export const blankRow = (kind) => BLANK[kind]?.() ?? { [kind]: [BLANK.profile()] };

/** Whether rows can show every part of a rule. */
export function isShownWhole(rule) {
  const { kind, inner } = rowOf(rule);
  return kind !== "raw" && (!["all", "any"].includes(kind) || inner[kind].every(isShownWhole));
}
