// What people wrote, in words: who, what it asks for, and how the address names a conversation. Nothing here draws.
import { phone } from "/static/shared/ui/phone.js";

const PARAMETER = { identity: "identity", device: "object_id" };

/** How the API is asked about a person. */
export const askedBy = ({ kind, value }) => ({ [PARAMETER[kind] ?? "identity"]: value });

/** What `?open=` says of a conversation, and back. */
export const keyOf = ({ kind, value }) => `person:${kind}:${value}`;
export function personOf(key) {
  const [what, kind, ...value] = key.split(":");
  return what === "person" && value.length ? { kind, value: value.join(":") } : null;
}

/** Whom a conversation is with: the name if there is one, else what we know them by. */
export const whoOf = ({ name, person }) => name || (/^\+\d{7,15}$/.test(person.value) ? phone(person.value)
  : person.value);

/** A keyword as [tone, icon, words]; nothing for a text that is none. */
export const KEYWORDS = {
  stop: ["warn", "ban", "Stop"],
  start: ["good", "play", "Start"],
  help: ["accent", "question", "Help"],
};

/** Which message a text answers, in a few words. */
export const answersWords = (answers) => (answers?.campaign_id
  ? answers.campaign_name || `Campaign ${answers.campaign_id}` : "");

/** Who asked that a number is not written to. */
export const SOURCES = {
  profile: "a profile with MSG-dndPhone",
  reply: "a reply of the person",
  api: "a call of the API",
  subscribe: "/1/subscribe",
  page: "somebody of the account",
  import: "an imported list",
  expiry: "the end of its time",
  campaign: "a campaign",
};
