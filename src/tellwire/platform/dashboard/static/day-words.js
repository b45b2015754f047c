// How days of the calendar are written, and moments where there is little room.
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
