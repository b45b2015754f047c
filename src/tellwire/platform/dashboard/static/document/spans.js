// Durations and limits as two or three controls: "30 minutes", "-3 days", "1 per 24 hours". Nothing here draws.

export const UNITS = ["second", "minute", "hour", "day", "week", "month"];
const SPAN = /^([+-]?)(\d{1,9}) +(second|minute|hour|day|week|month)s?$/;
const PER = /^(\d{1,9}) +per +(.+)$/;

/** `{amount, unit, sign}` of a duration, null for a text that is none. */
export function spanOf(text) {
  const found = SPAN.exec(String(text).trim().toLowerCase());
  return found && { amount: found[2], unit: found[3], sign: found[1] === "-" ? "-" : "" };
}

/** The text of a duration, empty while its number is. */
export const spanText = ({ amount, unit, sign = "" }) =>
  (amount === "" ? "" : `${sign}${amount} ${unit}${amount === "1" ? "" : "s"}`);

/** `{count, span}` of a limit, null for a text that is none. */
export function perOf(text) {
  const found = PER.exec(String(text).trim().toLowerCase());
  return found && spanOf(found[2]) ? { count: found[1], span: found[2] } : null;
}

export const perText = ({ count, span }) => `${count} per ${span}`;
