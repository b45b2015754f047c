// The kinds of starts, what each begins as, and which of them a form can show whole. Nothing here draws.
import { isPlainCondition } from "./comparison.js";

export const START_KINDS = [
  ["event", "An event"], ["schedule", "A time"], ["date", "A date"], ["joins", "An audience"], ["call", "A call"],
];

/** The kind of a start, by the keys that it has. */
export function startKind(start) {
  if ("date" in start) return "date";
  if ("rule" in start || "at" in start) return "schedule";
  return "joins" in start ? "joins" : "call" in start ? "call" : "event";
}

const BLANK = {
  event: { event: "" }, date: { date: "", at: "09:00", yearly: true }, schedule: { at: "now" }, joins: { joins: "" },
  call: { call: "" },
};
export const blankStart = (kind) => ({ ...BLANK[kind] });

const isText = (value) => typeof value === "string";
const isFlag = (value) => typeof value === "boolean";
const isWhere = (value) => Array.isArray(value) && value.every((one) => isPlainCondition(one) && !("profile" in one));
const isTexts = (value) => Array.isArray(value) && value.every(isText);

const SHAPES = {
  event: { event: isText, where: isWhere },
  date: { date: isText, event: isText, where: isWhere, shift: isText, at: isText, yearly: isFlag, missed: isText },
  schedule: { rule: isText, at: (value) => isText(value) || isTexts(value), zone: isText, from: isText, until: isText },
  joins: { joins: isText, present: isFlag },
  call: { call: isText },
};

/** Whether a form can show every part of a start. */
export function isShownStart(start) {
  if (start === null || typeof start !== "object" || Array.isArray(start)) return false;
  const shape = SHAPES[startKind(start)];
  return Object.entries(start).every(([key, value]) => shape[key]?.(value));
}

/** How a schedule is written: "now", "once", "several" or "recurring". */
export function scheduleMode({ rule, at }) {
  if (rule !== undefined) return "recurring";
  return Array.isArray(at) ? "several" : String(at).trim().toLowerCase() === "now" ? "now" : "once";
}

/** A schedule of another mode, with what fits of the one before. */
export function scheduleIn(mode, start) {
  const zone = start.zone === undefined ? {} : { zone: start.zone };
  const moments = [start.at ?? []].flat().filter((one) => /\d{4}-/.test(one));
  if (mode === "now") return { at: "now" };
  if (mode === "once") return { at: moments[0] ?? "", ...zone };
  if (mode === "several") return { at: moments.length ? moments : [""], ...zone };
  return { rule: "FREQ=WEEKLY;BYDAY=MO", at: "09:00", ...zone };
}
