// A rule of RFC 5545 as the controls of a form, as far as these go: every so many days, weeks, months or years, on days
// of the week or a day of the month. Nothing here draws.

export const DAYS = [
  ["MO", "Mon", "Monday"], ["TU", "Tue", "Tuesday"], ["WE", "Wed", "Wednesday"], ["TH", "Thu", "Thursday"],
  ["FR", "Fri", "Friday"], ["SA", "Sat", "Saturday"], ["SU", "Sun", "Sunday"],
];
const CODES = DAYS.map(([code]) => code);
const FREQUENCIES = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
const MORE = { DAILY: [], WEEKLY: ["BYDAY"], MONTHLY: ["BYMONTHDAY"], YEARLY: ["BYMONTH", "BYMONTHDAY"] };
const isDay = (text) => text === "-1" || (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 31);

/** `{frequency, interval, days, day, month}`, or null for a rule that says more than the controls can. */
export function recurrenceOf(rule) {
  const pairs = String(rule).trim().toUpperCase().split(";").map((part) => part.split("="));
  const parts = Object.fromEntries(pairs);
  const frequency = parts.FREQ;
  if (!FREQUENCIES.includes(frequency) || pairs.length !== Object.keys(parts).length) return null;
  if (Object.keys(parts).some((name) => !["FREQ", "INTERVAL", ...MORE[frequency]].includes(name))) return null;
  const days = parts.BYDAY?.split(",") ?? [];
  const [day, month] = [parts.BYMONTHDAY ?? "", parts.BYMONTH ?? ""];
  const isPlain = days.every((one) => CODES.includes(one)) && (!day || isDay(day))
    && (!month || /^\d{1,2}$/.test(month));
  return isPlain ? { frequency, interval: parts.INTERVAL ?? "1", days, day, month } : null;
}

/** The rule of such controls. */
export function recurrenceText({ frequency, interval, days, day, month }) {
  const more = {
    BYDAY: CODES.filter((code) => days.includes(code)).join(","), BYMONTHDAY: day, BYMONTH: month,
  };
  const parts = [["FREQ", frequency], ["INTERVAL", interval === "1" ? "" : interval],
    ...MORE[frequency].map((name) => [name, more[name]])];
  return parts.filter(([, value]) => value).map((part) => part.join("=")).join(";");
}
