// How moments, numbers and spans are written on screen.
const language = navigator.language;
// One clock everywhere: local, of 24 hours. `zoned` is for tooltips, where the zone is said.
/** @type {Intl.DateTimeFormatOptions} */
const HOURS = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
/** @type {Intl.DateTimeFormatOptions} */
const DAY = { day: "numeric", month: "short", year: "numeric" };
const clock = new Intl.DateTimeFormat(language, { ...HOURS, second: "2-digit" });
const whole = new Intl.DateTimeFormat(language, { ...DAY, ...HOURS, second: "2-digit" });
const short = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", ...HOURS });
const local = new Intl.DateTimeFormat(language, { ...DAY, ...HOURS, second: "2-digit", timeZoneName: "short" });
const universal = new Intl.DateTimeFormat(language, { ...HOURS, second: "2-digit", timeZone: "UTC" });
const regions = new Intl.DisplayNames([language], { type: "region" });
const digits = new Intl.NumberFormat(language);

const dayAndYear = new Intl.DateTimeFormat(language, DAY);

/** A day, from its instant or from `YYYY-MM-DD` of the local calendar. */
export const day = (text) => dayAndYear.format(new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00` : text));
export const timeOfDay = (iso) => clock.format(new Date(iso));
export const moment = (iso) => whole.format(new Date(iso));
export const zoned = (iso) => `${local.format(new Date(iso))} (${universal.format(new Date(iso))} UTC)`;
export const encodingName = (encoding) => (encoding === "UCS2" ? "UCS-2" : "GSM-7");
export const country = (code) => `${regions.of(code)} (${code})`;
export const number = (value) => digits.format(value ?? 0);
export const share = (part, all) => (all ? `${(100 * part / all).toFixed(part === all ? 0 : 1)} %` : "–");
export const count = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;

/** The clock time today, the date with it before. */
export function when(iso) {
  const date = new Date(iso);
  return date.toDateString() === new Date().toDateString() ? clock.format(date) : short.format(date);
}

export function span(fromIso, toIso) {
  const ms = new Date(toIso).getTime() - new Date(fromIso).getTime();
  if (ms < 1000) return `${Math.max(0, ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${(ms / 3_600_000).toFixed(1)} h` : `${Math.round(ms / 86_400_000)} days`;
}
