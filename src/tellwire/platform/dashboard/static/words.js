// The dashboard's own words, beside the shared ones for moments and numbers.
export * from "/static/shared/ui/words.js";

// <input type="datetime-local"> speaks local time without a zone; the API speaks UTC.
export function toLocalInput(iso) {
  if (!iso) return "";
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
export const fromLocalInput = (text) => (text ? new Date(text).toISOString() : null);

const minutes = new Intl.DateTimeFormat(navigator.language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayAndMonth = new Intl.DateTimeFormat(navigator.language, { day: "numeric", month: "short" });

/** A moment where there is little room: the clock time today, else the day. */
export function shortly(iso) {
  const date = new Date(iso);
  return (date.toDateString() === new Date().toDateString() ? minutes : dayAndMonth).format(date);
}

/** @type {(options: Intl.DateTimeFormatOptions) => (day: string) => string} */
const dayWriter = (options) => {
  const format = new Intl.DateTimeFormat(navigator.language, { ...options, timeZone: "UTC" });
  return (day) => format.format(new Date(`${day}T00:00:00Z`));
};

/** A day of the calendar, `YYYY-MM-DD` in whatever zone: "Fri, 4 Dec", "Fri", "December 2026". */
export const dayInWords = dayWriter({ weekday: "short", day: "numeric", month: "short" });
export const weekdayInWords = dayWriter({ weekday: "short" });
export const monthInWords = dayWriter({ month: "long", year: "numeric" });
const MONDAY = 5; // of January 2026
export const weekdays = () => Array.from({ length: 7 }, (_, at) =>
  weekdayInWords(`2026-01-${String(MONDAY + at).padStart(2, "0")}`));

/** Why a message failed. A code that its sentence says again, or that is a word of ours, is left out. */
export function reasonOf(code, description) {
  const isSaid = description && (!/\d/.test(code) || description.split(/\W+/).includes(code));
  return isSaid ? description[0].toUpperCase() + description.slice(1) : [code, description].filter(Boolean).join(": ");
}

/** An error code where there is no room for its sentence: one of a provider, or a word of ours. */
export const errorName = (code) => (/\d/.test(code) ? `error ${code}` : code.replaceAll("_", " "));

export const gateName = (gate) => sentence(gate);
export const sentence = (code) => (code ? code[0].toUpperCase() + code.slice(1).replaceAll("_", " ") : "");
