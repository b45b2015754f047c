// The days of the calendar: which ones a view shows, and what stands on each. Days are texts, YYYY-MM-DD, reckoned in
// UTC so that no clock of the browser's moves them. Nothing here draws.

const DAY_MS = 86_400_000;
const WEEK = 7;

const momentOf = (day) => Date.parse(`${day}T00:00:00Z`);
const textOf = (ms) => new Date(ms).toISOString().slice(0, 10);

export const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text ?? "") && !Number.isNaN(momentOf(text))
  && textOf(momentOf(text)) === text;
const daysLater = (day, days) => textOf(momentOf(day) + days * DAY_MS);

/** The Monday of a day's week. */
export const mondayOf = (day) => daysLater(day, -((new Date(momentOf(day)).getUTCDay() + 6) % WEEK));
const firstOfMonth = (day) => `${day.slice(0, 7)}-01`;

/** The same day of another month, or that month's last one. */
export function monthsLater(day, months) {
  const [year, month, number] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return textOf(Date.UTC(year, month - 1 + months, Math.min(number, last)));
}

/** The first and the last day that a view of `day` asks for: whole weeks, for the month and the list those it meets. */
export function rangeOf(view, day) {
  const first = mondayOf(view === "week" ? day : firstOfMonth(day));
  if (view === "week") return { first, last: daysLater(first, WEEK - 1) };
  if (view === "list") return { first: firstOfMonth(day), last: daysLater(firstOfMonth(monthsLater(day, 1)), -1) };
  return { first, last: daysLater(mondayOf(daysLater(firstOfMonth(monthsLater(day, 1)), -1)), WEEK - 1) };
}

export const stepped = (view, day, steps) => (view === "week" ? daysLater(day, WEEK * steps) : monthsLater(day, steps));

/** The day that a key leads to in a month or week; null for a key that leads nowhere. */
export function dayFor(key, day) {
  const days = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -WEEK, ArrowDown: WEEK }[key];
  if (days) return daysLater(day, days);
  if (key === "Home") return mondayOf(day);
  if (key === "End") return daysLater(mondayOf(day), WEEK - 1);
  if (key === "PageUp") return monthsLater(day, -1);
  return key === "PageDown" ? monthsLater(day, 1) : null;
}

/** The answer's days, each with its items. */
export function daysOf({ days, items }) {
  const byDay = new Map(days.map(({ day }) => [day, []]));
  for (const item of items) byDay.get(item.day)?.push(item);
  return days.map((one) => ({ ...one, items: byDay.get(one.day) }));
}

export const weeksOf = (days) =>
  Array.from({ length: Math.ceil(days.length / WEEK) }, (_, at) => days.slice(at * WEEK, (at + 1) * WEEK));

const MINUTES = 1440;
const minutesOf = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const weekdayOf = (day) => WEEKDAYS[(new Date(momentOf(day)).getUTCDay() + 6) % WEEK];

/**
 * The quiet spans of a day as `[from, to]` in minutes: those that begin on it, and what is left of the day before's.
 * @returns {[number, number][]}
 */
export function quietOf(day, quiet) {
  /** @type {[number, number][]} */
  const spans = [];
  for (const { from, to, days = [] } of quiet) {
    const begins = (one) => !days.length || days.includes(weekdayOf(one));
    const [start, end] = [minutesOf(from), minutesOf(to)];
    if (start < end) {
      if (begins(day)) spans.push([start, end]);
      continue;
    }
    if (begins(daysLater(day, -1))) spans.push([0, end]);
    if (begins(day)) spans.push([start, MINUTES]);
  }
  return spans.filter(([start, end]) => end > start);
}

/** How far into the day a time is, from 0 to 1. */
export const partOfDay = (time) => minutesOf(time) / MINUTES;

const LANES = 3; // items of one time beside each other; more are one line
const TALL = 45; // minutes that an item covers, however short it is

/**
 * The items of a day where they stand: each with its lane, and how many lanes its neighbours need. Items that find no
 * lane are counted in `more` of the last one that did.
 */
export function laid(items) {
  const groups = [];
  for (const item of items) {
    const at = minutesOf(item.time);
    const group = groups.at(-1);
    if (group && at < group.until) group.items.push(item);
    else groups.push({ items: [item], until: at + TALL });
    groups.at(-1).until = Math.max(groups.at(-1).until, at + TALL);
  }
  return groups.flatMap(({ items: together }) => {
    const shown = together.slice(0, LANES);
    const more = together.length - shown.length;
    return shown.map((item, lane) =>
      ({ item, lane, lanes: shown.length, more: lane === shown.length - 1 ? more : 0 }));
  });
}
