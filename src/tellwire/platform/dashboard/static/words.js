// The dashboard's own words, beside the shared ones for moments and numbers.
export * from "/static/shared/ui/words.js";

const dayAndTime = new Intl.DateTimeFormat(navigator.language,
  { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** A moment of some day: "Tue, Dec 1, 02:25". */
export const weekdayTime = (iso) => dayAndTime.format(new Date(iso));

// <input type="datetime-local"> speaks local time without a zone; the API speaks UTC.
export function toLocalInput(iso) {
  if (!iso) return "";
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
export const fromLocalInput = (text) => (text ? new Date(text).toISOString() : null);

/** Why a message failed. A code that its sentence says again, or that is a word of ours, is left out. */
export function reasonOf(code, description) {
  const isSaid = description && (!/\d/.test(code) || description.split(/\W+/).includes(code));
  return isSaid ? description[0].toUpperCase() + description.slice(1) : [code, description].filter(Boolean).join(": ");
}

/** An error code where there is no room for its sentence: one of a provider, or a word of ours. */
export const errorName = (code) => (/\d/.test(code) ? `error ${code}` : code.replaceAll("_", " "));

const GATES = {
  profile_conditions: "Who it is for", // as the editor calls it
  not_running_then: "It did not run then", unknown_then: "Not known any more",
};

/** A gate, or why there is no answer, as people read it. */
export const gateName = (gate) => GATES[gate] ?? sentence(gate);
export const sentence = (code) => (code ? code[0].toUpperCase() + code.slice(1).replaceAll("_", " ") : "");
