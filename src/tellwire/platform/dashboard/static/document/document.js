// A campaign as one document in the language of CAMPAIGNS: what it begins as, of a campaign of the API, and as the API
// takes it. What the pages do not know stays in it. Nothing here draws.
import { blankCampaign, campaignFields } from "../vocabulary.js";
import { tidyCondition } from "./comparison.js";
import { placedSteps } from "./steps.js";
import { isSame, put, saying } from "./tree.js";

/** What a new campaign is: one event that is answered with one message. */
export const blankDocument = () => ({
  name: "", start: { event: "" }, steps: [{ id: "send", send: { text: "" } }],
});

/** A campaign of several steps that shows how one is written, in blocks as in YAML. */
export const EXAMPLE = {
  name: "Abandoned cart", start: { event: "Added To Cart" }, key: "Event.cart_id",
  stop: { event: "Charged", same: "cart_id" },
  steps: [{ id: "pause", wait: { for: "30 minutes" } },
    { id: "remind", send: { text: "{{ Profile.Name }}, your cart is waiting." } }],
};

const ORDER = ["name", "labels", "start", "key", "again", "who", "stop", "goal", "holdout", "limits", "quiet",
  "priority", "policy", "from", "until", "steps"];
const DEFAULTS = { again: "ignore", holdout: 0, priority: "normal" };
const MOMENTS = { from: "starts_at", until: "ends_at" };

/** The fields of the vocabulary that stand at the top of a document, beside those that pages know. */
const others = () => [...new Set(campaignFields().map(({ path }) => path.split(".")[0]))]
  .filter((name) => !ORDER.includes(name) && !FLAT.includes(name) && !Object.values(MOMENTS).includes(name));

const FLAT = ["event", "event_conditions", "profile_conditions", "respects_consent", "provider_id", "content"];

/** The document of a campaign as the API answers it, without what is as it is by default. */
export function documentOf(campaign) {
  const { start, limits, policy } = campaign;
  const all = {
    ...campaign,
    start: { ...saying(start), ...(start.event === "" ? { event: "" } : {}) },
    limits: limits && saying(limits),
    policy: isSame(policy, blankCampaign().policy) ? null : policy,
    from: campaign.starts_at, until: campaign.ends_at,
  };
  const said = saying(Object.fromEntries([...ORDER, ...others()].map((name) => [name, all[name]])));
  return { name: campaign.name, ...Object.fromEntries(Object.entries(said)
    .filter(([name, value]) => DEFAULTS[name] !== value)) };
}

/** A document as the API takes it: its name without spaces around it, and without alternatives that were left empty. */
export const payloadOf = (document) => ({ ...tidied(document), name: String(document.name ?? "").trim() });

function tidied(value) {
  if (Array.isArray(value)) return value.map(tidied);
  if (value === null || typeof value !== "object") return value;
  if (("property" in value || "profile" in value) && !("steps" in value)) return tidyCondition(value);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, key === VARIABLES ? one.filter(Boolean)
    : tidied(one)]));
}

const VARIABLES = "template_variables"; // of a message: a field for another one stands empty below them

/** The document of what a text in YAML says: a file with one campaign, or the campaign alone; null for all else. */
export function documentIn(value) {
  const isFile = Array.isArray(value?.campaigns) && value.campaigns.length === 1
    && Object.keys(value).every((key) => ["campaigns", "tellwire"].includes(key));
  const campaign = isFile ? value.campaigns[0] : value;
  if (campaign === null || typeof campaign !== "object" || Array.isArray(campaign)) return null;
  if ("campaigns" in campaign) return null;
  return structured(campaign);
}

/** A campaign that is written flat, with start and steps; its state is not of the document. */
function structured({ state: _state, starts_at: from, ends_at: until, ...campaign }) {
  const period = saying({ from, until });
  if (["start", "who", "steps"].some((key) => key in campaign)) return { ...campaign, ...period };
  const { event = "", event_conditions: where = [], profile_conditions: people = [], respects_consent: respects = true,
    provider, provider_id: id, content = {}, ...rest } = campaign;
  const through = provider ?? id;
  const send = { text: "", ...content, ...(through ? { through } : {}), ...(respects ? {} : { passes: ["consent"] }) };
  return {
    ...rest, ...period, start: { event, ...(where.length ? { where } : {}) },
    ...(people.length ? { who: { all: people.map(({ property, ...test }) => ({ profile: property, ...test })) } } : {}),
    steps: [{ id: "send", send }],
  };
}

/** A document that names its providers as people do, and as files have it; one that is archived keeps its id. */
export function withNicknames(document, providers) {
  const nicknames = new Map(providers.filter((one) => !one.archived_at).map((one) => [one.id, one.nickname]));
  return placedSteps(document.steps).reduce((whole, [path, step]) => {
    const nickname = nicknames.get(step?.send?.through);
    return nickname ? put(whole, `${path}.send.through`, nickname) : whole;
  }, document);
}

/** A document as a file has it. */
export const fileOf = (document) => ({ campaigns: [document] });

/** The fields of the vocabulary that no block of the editor draws in its own way. */
export const otherFields = () => campaignFields().filter(({ path }) => others().includes(path.split(".")[0]));
