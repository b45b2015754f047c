// What a campaign form holds and what it means: drafts, conditions, the properties a text names. Nothing here draws.
import { conditionsWords } from "./journey-words.js";
import { blankCampaign, fieldAt, valuesOf } from "./vocabulary.js";
import { fromLocalInput, moment, toLocalInput } from "./words.js";

const HOUR_S = 3600;

export const blank = () => draftOf({ state: "draft" });

/** A campaign of the API as the form holds it: local times, lists of values, pairs. */
export function draftOf(campaign) {
  const whole = overlaid(blankCampaign(), campaign);
  return {
    ...whole,
    event_conditions: whole.event_conditions.map(conditionIn),
    profile_conditions: whole.profile_conditions.map(conditionIn),
    starts: toLocalInput(whole.starts_at),
    ends: toLocalInput(whole.ends_at),
    provider: whole.provider_id ?? "",
    content: { ...whole.content, extra: Object.entries(whole.content.extra) },
    policy: { ...whole.policy, hours: whole.policy.give_up_after_s / HOUR_S },
  };
}

/** `base` with what `over` has, one level down too; what is null there stays as it is. */
function overlaid(base, over) {
  const had = Object.entries(over).filter(([, value]) => value != null);
  return { ...base, ...Object.fromEntries(had), content: { ...base.content, ...over.content },
    policy: { ...base.policy, ...over.policy } };
}

/**
 * The campaign as the API takes it: every field that it knows, those too that the form does not draw.
 * @returns {any}
 */
export const payloadOf = (draft) => ({
  ...Object.fromEntries(Object.keys(blankCampaign()).map((name) => [name, draft[name] ?? null])),
  name: draft.name.trim(),
  event: draft.event.trim(),
  event_conditions: draft.event_conditions.map(conditionOut),
  profile_conditions: draft.profile_conditions.map(conditionOut),
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

const policyOf = ({ policy: { hours, ...policy } }) => ({
  ...policy,
  attempts: inBounds("policy.attempts", policy.attempts),
  give_up_after_s: inBounds("policy.give_up_after_s", Number(hours) * HOUR_S),
});

/** A whole number that is not less than a field may be; that it is too much, the server says. */
const inBounds = (path, value) => Math.max(fieldAt(path).least, Math.round(Number(value)) || 0);

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
  const events = conditionsWords(campaign.event_conditions);
  const people = conditionsWords(campaign.profile_conditions);
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
