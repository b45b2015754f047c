// The span of time that a page looks at, and the one it is compared with: as the address writes them. Pure.
//
//   range=7d                        the last seven days, up to now
//   range=2026-11-01..2026-11-07    whole days of the local calendar, both included
//   compare=before | week | year    the span just before; a week earlier; a year earlier

export const PRESETS = [["24h", "24 h"], ["7d", "7 d"], ["30d", "30 d"], ["90d", "90 d"]];
export const COMPARISONS = [["", "Nothing"], ["before", "The time before"], ["week", "The week before"],
  ["year", "The year before"]];
export const USUAL = "7d";

const SPAN = /^(\d{1,4})(h|d)$/;
const DAYS = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/;
const HOUR_MS = 3_600_000;
const WEEK_DAYS = 7;

/**
 * What `text` and `compare` of the address mean at `now`.
 * @param {string} text anything unreadable is the usual range
 * @param {string} compare
 * @param {Date} now
 * @returns {{text: string, from: Date, to: Date, compare: string, before: {from: Date, to: Date} | null}}
 */
export function rangeOf(text, compare, now) {
  const span = spanOf(text, now) ?? { text: USUAL, ...spanOf(USUAL, now) };
  const shift = COMPARISONS.some(([key]) => key === compare) ? compare : "";
  return { text, ...span, compare: shift, before: shift ? earlier(span, shift) : null };
}

/** A range as a query has it: one up to now has no end, since what comes while one looks belongs to it. */
export const boundsOf = ({ text, from, to }) =>
  ({ from: from.toISOString(), to: SPAN.test(text) ? "" : to.toISOString() });

function spanOf(text, now) {
  const [, number, unit] = SPAN.exec(text ?? "") ?? [];
  if (unit === "h") return { from: new Date(now.getTime() - Number(number) * HOUR_MS), to: now };
  if (unit) return { from: daysLater(now, -Number(number)), to: now };
  const [, first, last] = DAYS.exec(text ?? "") ?? [];
  if (!first || whyNot(first, last)) return null;
  return { from: dayOf(first), to: daysLater(dayOf(last), 1) }; // up to the end of the last day
}

function earlier({ from, to }, shift) {
  if (shift === "year") return { from: yearsLater(from, -1), to: yearsLater(to, -1) };
  if (shift === "week") return { from: daysLater(from, -WEEK_DAYS), to: daysLater(to, -WEEK_DAYS) };
  return { from: new Date(2 * from.getTime() - to.getTime()), to: from };
}

/** By the calendar: a day on which the clock is changed has 23 or 25 hours. */
export function daysLater(date, days) {
  const later = new Date(date);
  later.setDate(later.getDate() + days);
  return later;
}

function yearsLater(date, years) {
  const later = new Date(date);
  later.setFullYear(later.getFullYear() + years);
  return later;
}

const twoDigits = (number) => String(number).padStart(2, "0");

/** A local day as `<input type="date">` writes it, and its beginning. */
export const dayText = (date) => `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
export const dayOf = (text) => new Date(`${text}T00:00:00`);

/** Why two typed days are no range; empty if they are one. */
export function whyNot(first, last) {
  if (Number.isNaN(dayOf(first).getTime())) return "Choose the first day.";
  if (Number.isNaN(dayOf(last).getTime())) return "Choose the last day.";
  return first > last ? "The last day is before the first one." : "";
}

export const daysRange = (first, last) => `${first}..${last}`;

/** The days of a range as a form shows them: the last one is included. */
export function daysOf({ from, to }) {
  return { first: dayText(from), last: dayText(new Date(to.getTime() - 1)) };
}
