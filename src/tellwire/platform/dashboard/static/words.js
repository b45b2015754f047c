// The dashboard's own words, beside the shared ones for moments and numbers.
export * from "/static/shared/ui/words.js";

// <input type="datetime-local"> speaks local time without a zone; the API speaks UTC.
export function toLocalInput(iso) {
  if (!iso) return "";
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
export const fromLocalInput = (text) => (text ? new Date(text).toISOString() : null);

const REASONS = {
  schedule: "Schedule", triggering_window: "Triggering window", event_conditions: "Event conditions",
  profile_conditions: "Profile conditions", reachability: "Reachability", consent: "Consent",
    suppression: "Suppression",
  provider: "Provider", content: "Content",
};
export const gateName = (gate) => REASONS[gate] ?? sentence(gate);
export const sentence = (code) => (code ? code[0].toUpperCase() + code.slice(1).replaceAll("_", " ") : "");
