// What a provider form holds and what it means: drafts, the tokens in them, what is wrong. Nothing here draws.
import { MASK } from "/static/shared/ui/pairs.js";
import { mistakeAt } from "./json-mistake.js";

// The six tokens of CleverTap contract 1.3; every other $$name is a campaign's to fill in.
export const TOKENS = [
  ["To", "the recipient's number"],
  ["Body", "the text of the message"],
  ["MessageID", "our id of the message, which receipts give back"],
  ["CampaignID", "the campaign's id"],
  ["TemplateID", "the template id entered in the campaign"],
  ["TemplateVariables", "the campaign's template variables, in order"],
];
const SYSTEM = new Set(TOKENS.map(([name]) => name.toLowerCase()));
const SHOWN = 12; // characters of what is not JSON
const TOKEN = /\$\$([A-Za-z_][A-Za-z0-9_]*)/g;

const GUIDE_TEMPLATE = `{
  "source": "Tellwire",
  "destination": "$$To",
  "text": "$$Body",
  "mid": "$$MessageID",
  "encoding": "Auto"
}`;

export const blank = (reserved) => ({
  id: reserved.id, callback_url: reserved.callback_url, nickname: "", request_type: "POST", endpoint: "",
  authentication: { type: "none" }, headers: [["Content-Type", "application/json"]],
  encoding: "json", pairs: [["to", "$$To"], ["text", "$$Body"]], template: GUIDE_TEMPLATE,
  isBatch: false, batch: { key: "messages", size: 100 }, phone_form: "e164", per_s: 0, concurrency: 64,
    is_default: false,
});

export const draftOf = (provider) => ({
  ...blank(provider), ...provider,
  encoding: provider.parameters.type === "form" ? "form" : "json",
  pairs: provider.parameters.pairs ?? [], template: provider.parameters.template ?? GUIDE_TEMPLATE,
  isBatch: Boolean(provider.batch), batch: provider.batch ?? { key: "messages", size: 100 },
});

/** The draft that a preset makes: its form, under the draft's own id, nickname and mark. */
export const startedFrom = ({ name, form }, draft) => ({
  ...draftOf({ ...form, id: draft.id, callback_url: draft.callback_url }),
  nickname: draft.nickname || name.split(/[,(]/)[0].trim(), is_default: draft.is_default,
});

export const isJson = (draft) => draft.request_type === "POST" && draft.encoding === "json";

/** The provider as the API takes it. */
export function payloadOf(draft) {
  const parameters = isJson(draft) ? { type: "json", template: draft.template }
    : { type: draft.request_type === "GET" ? "query" : "form", pairs: filled(draft.pairs) };
  const { id, nickname, request_type, endpoint, authentication, phone_form, per_s, concurrency, is_default } = draft;
  return {
    id, nickname: nickname.trim(), request_type, endpoint: endpoint.trim(), authentication: credentials(authentication),
    headers: filled(draft.headers), parameters,
    batch: draft.isBatch && isJson(draft) ? { key: draft.batch.key.trim(), size: Number(draft.batch.size) } : null,
    phone_form, per_s: Number(per_s) || 0, concurrency: Number(concurrency) || 1, is_default,
  };
}

const filled = (pairs) => pairs.filter(([name, value]) => name.trim() || value);
const credentials = (given) => (given.type === "oauth2" ? { ...given, extra: filled(given.extra ?? []) } : given);

const names = (text) => [...String(text ?? "").matchAll(TOKEN)].map((found) => found[1]);
const custom = (list) => [...new Set(list.filter((name) => !SYSTEM.has(name.toLowerCase())))];

/** Custom tokens by the block in which a campaign fills them in (CleverTap contract 1.5), and the system ones used. */
export function tokensOf(draft) {
  const header = draft.headers.flatMap(([, value]) => (value === MASK ? draft.tokens?.header ?? [] : names(value)));
  const { record, rest } = isJson(draft) ? splitBatch(draft) : { record: names(JSON.stringify(draft.pairs)), rest: [] };
  const address = names(draft.endpoint);
  const isBatch = draft.isBatch && isJson(draft);
  const global = custom(isBatch ? [...address, ...rest] : []);
  const own = custom(isBatch ? record : [...address, ...record]);
  const without = (list, taken) =>
    list.filter((name) => !taken.some((other) => other.toLowerCase() === name.toLowerCase()));
  const used = new Set([...header, ...record, ...rest, ...address].map((name) => name.toLowerCase()));
  return {
    message: isBatch ? without(own, [...global, ...custom(header)]) : own,
    header: without(custom(header), isBatch ? global : own),
    global,
    uses: (name) => used.has(name.toLowerCase()),
  };
}

function splitBatch(draft) {
  const body = draft.isBatch ? parse(draft.template).value : undefined;
  const list = body?.[draft.batch.key];
  if (!Array.isArray(list)) return { record: names(draft.template), rest: [] };
  return { record: names(JSON.stringify(list)), rest: names(JSON.stringify({ ...body, [draft.batch.key]: [] })) };
}

export function parse(text) {
  try {
    return { value: JSON.parse(text) };
  } catch {
    const at = mistakeAt(text);
    const before = text.slice(0, at);
    const where = `line ${before.split("\n").length}, column ${at - before.lastIndexOf("\n")}`;
    const what = at < text.length ? `at “${text.slice(at, at + SHOWN).split("\n")[0]}”` : "it ends too early";
    return { error: `This is not JSON: ${where}, ${what}. Tokens must stand inside quotes, as in "$$To".` };
  }
}

/** What is wrong with the template as it is typed, or an empty string. */
export function templateProblem(draft) {
  if (!isJson(draft)) return "";
  const { value, error } = parse(draft.template);
  if (error) return error;
  if (typeof value !== "object" || value === null) return "The body must be a JSON object, or an array of objects.";
  if (draft.isBatch) {
    const list = value[draft.batch.key];
    const key = `“${draft.batch.key}”`;
    if (!Array.isArray(
      list)) return `Batch is on, and the body has no array ${key}. Put the message's object into such an array.`;
    if (list.length !== 1) {
      return `The array ${key} must hold exactly one element, the template of each message; it holds ${list.length}.`;
    }
  }
  return "";
}

const TYPE = { json: "application/json", form: "application/x-www-form-urlencoded" };
const kindOf = (draft) => (draft.request_type === "GET" ? "query" : draft.encoding);

/** The headers that go with another kind of body: a Content-Type that named the old kind names the new one. */
export function headersFor(draft, change) {
  const [from, to] = [kindOf(draft), kindOf({ ...draft, ...change })];
  const isOfOld = ([name, value]) => name.trim().toLowerCase() === "content-type"
    && value.split(";")[0].trim().toLowerCase() === TYPE[from];
  return TYPE[from] && TYPE[to] ? draft.headers.map((pair) => (isOfOld(pair) ? [pair[0], TYPE[to]] : pair))
    : draft.headers;
}

/** How the Content-Type contradicts the body, or an empty string. */
function contradiction(draft) {
  const given = draft.headers.find(([name]) => name.trim().toLowerCase() === "content-type")?.[1].toLowerCase();
  const word = { json: "json", form: "form" }[kindOf(draft)];
  if (!given || given === MASK || !word || given.includes(word)) return "";
  const body = word === "json" ? "JSON" : "a form of key-value pairs";
  return `The body is ${body}, and the header Content-Type says ${given}.`;
}

const LACKS = {
  to: "$$To is nowhere: the provider would not learn whom to write to.",
  text: "Neither $$Body nor $$TemplateID is used: the provider would not learn what to write.",
  id: "$$MessageID is not used, so receipts cannot be matched and messages stay at “sent”.",
};
const LARGE_BATCH = "Some providers take at most 100 records a request.";

/** Sentences about what this provider would lack, for the form to warn with. */
export function warnings(draft) {
  const { uses } = tokensOf(draft);
  const found = [contradiction(draft)].filter(Boolean);
  if (!uses("To")) found.push(LACKS.to);
  if (!uses("Body") && !uses("TemplateID")) found.push(LACKS.text);
  if (!uses("MessageID")) found.push(LACKS.id);
  if (draft.isBatch && isJson(draft) && Number(draft.batch.size) > 100) found.push(LARGE_BATCH);
  return found;
}
