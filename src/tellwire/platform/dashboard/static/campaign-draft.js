// What a campaign form holds and what it means: drafts, conditions, the properties a text names. Nothing here draws.
import { fromLocalInput, moment, toLocalInput } from "./words.js";

export const OPERATORS = [
  ["equals", "is"], ["not_equals", "is not"], ["contains", "contains"], ["does_not_contain", "does not contain"],
  ["greater_than", "is more than"], ["greater_than_equals", "is at least"],
  ["less_than", "is less than"], ["less_than_equals", "is at most"],
  ["between", "is between"], ["exists", "is set"], ["does_not_exist", "is not set"],
];
const WORD = Object.fromEntries(OPERATORS);
const MANY = Infinity; // alternatives, any of which will do
const VALUES = { exists: 0, does_not_exist: 0, between: 2, equals: MANY, not_equals: MANY, contains: MANY,
  does_not_contain: MANY };

/** How many values an operator takes. */
export const valuesOf = (operator) => VALUES[operator] ?? 1;

const NO_POLICY = { when_unresolved: "never_repeat", attempts: 8, give_up_after_s: 14_400 };
const NO_CONTENT = { text: "", transliterate: false, template_id: "", template_variables: [], tokens: {}, extra: {} };
const HOUR_S = 3600;

export const blank = () =>
  draftOf({ name: "", state: "draft", event: "", respects_consent: true, content: NO_CONTENT });

/** A campaign of the API as the form holds it: local times, lists of values, pairs. */
export function draftOf(campaign) {
  const content = { ...NO_CONTENT, ...campaign.content };
  const policy = { ...NO_POLICY, ...campaign.policy };
  return {
    ...campaign,
    event_conditions: (campaign.event_conditions ?? []).map(conditionIn),
    profile_conditions: (campaign.profile_conditions ?? []).map(conditionIn),
    starts: toLocalInput(campaign.starts_at),
    ends: toLocalInput(campaign.ends_at),
    provider: campaign.provider_id ?? "",
    content: { ...content, extra: Object.entries(content.extra) },
    policy: { ...policy, hours: policy.give_up_after_s / HOUR_S },
  };
}

/** The campaign as the API takes it. */
export const payloadOf = (draft) => ({
  name: draft.name.trim(),
  event: draft.event.trim(),
  event_conditions: draft.event_conditions.map(conditionOut),
  profile_conditions: draft.profile_conditions.map(conditionOut),
  respects_consent: draft.respects_consent,
  starts_at: fromLocalInput(draft.starts),
  ends_at: fromLocalInput(draft.ends),
  provider_id: draft.provider || null,
  content: contentOf(draft),
  policy: policyOf(draft),
});

export const contentOf = ({ content }) => ({
  ...content,
  extra: Object.fromEntries(content.extra.filter(([name]) => name.trim())),
  template_variables: content.template_variables.filter((text) => text !== ""),
});

const policyOf = ({ policy }) => ({
  when_unresolved: policy.when_unresolved,
  attempts: Math.round(Number(policy.attempts)) || 1,
  give_up_after_s: Math.max(60, Math.round(Number(policy.hours) * HOUR_S)),
});

const conditionIn = ({ property, operator, value }) => ({
  property, operator, values: value == null ? [""] : [value].flat().map(String),
});

function conditionOut({ property, operator, values }) {
  const most = valuesOf(operator);
  const base = { property: property.trim(), operator };
  if (most === 0) return base;
  if (operator === "between") return { ...base, value: [values[0] ?? "", values[1] ?? ""] };
  const given = values.slice(0, Math.min(most, values.length)).filter((text) => text !== "");
  return { ...base, value: given.length > 1 ? given : given[0] ?? "" };
}

/** What publishing will do, in sentences. */
export function summary(draft, providerName) {
  const campaign = payloadOf(draft);
  const events = told(campaign.event_conditions);
  const people = told(campaign.profile_conditions);
  return [
    `When somebody does “${campaign.event}”${events && ` and ${events}`}, they get this message, `
      + "once for each such event.",
    people ? `Only people whose ${people}.` : "Everybody with a phone number.",
    campaign.respects_consent ? "Nobody who opted out of SMS, and no suppressed number."
      : "Also people who opted out of SMS. Suppressed numbers stay out.",
    `It goes through ${providerName}.`,
    Date.parse(campaign.starts_at) > Date.now()
      ? `It starts ${moment(campaign.starts_at)}.` : "It starts at once; events of before are not answered.",
    campaign.ends_at ? `It ends ${moment(campaign.ends_at)}.` : "It runs until you stop it.",
  ];
}

const told = (conditions) => conditions.map(({ property, operator, value }) => {
  const values = [value ?? []].flat().map((one) => `“${one}”`).join(operator === "between" ? " and " : " or ");
  return [property, WORD[operator], values].filter(Boolean).join(" ");
}).join(", and ");

const MENTION = /\b(Profile|Event)\s*(?:\.\s*([A-Za-z_][\w-]*)|\[\s*["']([^"']+)["']\s*\])/g;

/** The properties a template names: `{Profile: [...], Event: [...]}`, each once, in order. */
export function mentioned(text) {
  const found = { Profile: [], Event: [] };
  for (const [, space, plain, quoted] of text.matchAll(MENTION)) {
    const name = plain ?? quoted;
    if (!found[space].includes(name)) found[space].push(name);
  }
  return found;
}

const isPlain = (name) => /^[A-Za-z_]\w*$/.test(name);

/** The Liquid that puts a property in, and where in it the cursor belongs: inside the empty default. */
export function insertion(space, name) {
  const text = `{{ ${isPlain(name) ? `${space}.${name}` : `${space}["${name}"]`} | default: "" }}`;
  return { text, caret: text.length - '" }}'.length };
}
