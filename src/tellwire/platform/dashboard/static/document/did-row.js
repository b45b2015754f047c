// What somebody did as a row: the event, how often, within which time, and what it was like. Nothing here draws.
import { isPlainCondition } from "./comparison.js";

/** How often, by the key that says it, and what the row calls it. */
export const TIMES = [["at_least", "at least"], ["at_most", "at most"], ["exactly", "exactly"]];
const COUNTS = TIMES.map(([key]) => key);
const KEYS = new Set(["did", "where", "within", ...COUNTS]);

/** Whether a row can show a rule about behaviour whole: sums, first and last, and other windows are written. */
export function isPlainDid(rule) {
  const { did, where = [], within = "" } = rule;
  const said = COUNTS.filter((key) => key in rule);
  return typeof did === "string" && Object.keys(rule).every((key) => KEYS.has(key)) && said.length <= 1
    && said.every((key) => Number.isInteger(rule[key])) && typeof within === "string"
    && Array.isArray(where) && where.every(isPlainCondition);
}

/** `[key, number]` of how often: once at least, if nothing is said. */
export function timesOf(rule) {
  const key = COUNTS.find((one) => one in rule);
  return key ? [key, rule[key]] : ["at_least", 1];
}

/** The rule with other values; what says nothing is left out. */
export function withDid(rule, { did = rule.did, times = timesOf(rule), within = rule.within, where = rule.where }) {
  const [key, number] = times;
  const isOnce = key === "at_least" && number === 1;
  return {
    did, ...(where?.length && { where }), ...(!isOnce && { [key]: number }), ...(within && { within }),
  };
}
