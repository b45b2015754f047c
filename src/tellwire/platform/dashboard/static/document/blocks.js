// The four blocks of the editor: which of a document's fields stand in each, what each says in a sentence, and what a
// document lacks. Nothing here draws.
import { entryLines, guardLines, ruleWords, signalWords, stepWords } from "../journey-words.js";
import { count } from "../words.js";
import { isShownWhole } from "./rule-rows.js";
import { isShownStart, startKind } from "./starts.js";
import { put } from "./tree.js";
import {
  areShownSteps, hasOneSend, isShownGoal, isShownLimits, isShownQuiet, isShownSignal, placedSteps, sendsOf, stepKind,
} from "./steps.js";

export const BLOCKS = [["who", "Who"], ["when", "When"], ["what", "What"], ["guard", "Guard"]];
const WHEN = ["start", "key", "again", "stop", "from", "until", "starts_at", "ends_at"];
const AS_YAML = "Edited as YAML.";
const EVERYBODY = "Everybody with a phone number.";

/** The block in which a path stands; "" for what stands above all blocks. */
export function blockOf(path) {
  const [name] = path.split(".");
  if (name === "name" || name === "") return "";
  if (name === "who") return "who";
  if (name === "steps") return "what";
  return WHEN.includes(name) ? "when" : "guard";
}

const SENTENCES = {
  who: ({ who }) => (who == null ? EVERYBODY : isShownWhole(who) ? `Only if ${ruleWords(who)}.` : AS_YAML),
  when: (document) => {
    const { start, stop } = document;
    if (!isShownStart(start) || (stop && !isShownSignal(stop))) return AS_YAML;
    const entry = entryLines({ start, who: null, starts_at: document.from, ends_at: document.until });
    return [...entry, ...insideLines(document)].join(" ");
  },
  what: (document) => {
    const { steps } = document;
    if (!areShownSteps(steps)) return AS_YAML;
    if (!steps.length) return "Nothing yet.";
    const first = steps.map((step) => stepWords(step).text);
    return `${hasOneSend(document) ? "" : `${count(placedSteps(steps).length, "step")}: `}${first.join(" → ")}`;
  },
  guard: (document) => {
    const { goal, limits, quiet } = document;
    const isShown = (!goal || isShownGoal(goal)) && (!limits || isShownLimits(limits))
      && (!quiet || isShownQuiet([quiet].flat()));
    if (!isShown) return AS_YAML;
    const lines = guardLines({ ...document, quiet: [quiet ?? []].flat(), key: "", again: "ignore", stop: null });
    return [consentWords(document), ...lines].filter(Boolean).join(" ");
  },
};

const insideLines = ({ key, again, stop }) =>
  guardLines({ key, again, stop: null }).concat(stop ? [`Leaves when ${signalWords(stop)} happens.`] : []);

/** What a block says, in a sentence or a few. */
export const blockWords = (block, document) => SENTENCES[block](document);

/** How many of a document's messages pass a gate that they may pass. */
export function passing(document, gate) {
  const sends = sendsOf(document.steps).map(([, step]) => step.send);
  return { all: sends.length, pass: sends.filter((send) => passesOf(send).includes(gate)).length };
}

const GATES = ["consent", "caps", "quiet"];

/** The gates that a message passes. */
export const passesOf = (send) => (send?.necessary ? GATES : Array.isArray(send?.passes) ? send.passes : []);

/** A send that passes a gate, or does not. */
export function withPass(send, gate, isPassing) {
  const { necessary: _all, passes: _some, ...rest } = send;
  const passes = GATES.filter((one) => (one === gate ? isPassing : passesOf(send).includes(one)));
  return passes.length ? { ...rest, passes } : rest;
}

function consentWords(document) {
  const { all, pass } = passing(document, "consent");
  if (!pass) return "People who opted out get nothing.";
  return pass === all ? "Also people who opted out."
    : `${pass} of ${count(all, "message")} also to people who opted out.`;
}

const STARTS = { event: ["event", "the event"], date: ["date", "the date"], joins: ["joins", "the audience"],
  call: ["call", "the name of the call"] };

/** What a document lacks before it can be published, in a few words each. */
export function missing(document) {
  const { name, start } = document;
  const [key, what] = (isShownStart(start) && STARTS[startKind(start)]) || [];
  const silent = sendsOf(document.steps).filter(([, { send }]) => !send?.text?.trim() && !send?.template_id);
  return [
    !String(name ?? "").trim() && "a name",
    key && !start[key].trim() && what,
    Array.isArray(document.steps) && !document.steps.length && "a step",
    silent.length > 0 && (hasOneSend(document) ? "the message"
      : `the text of ${silent.map(([, { id }]) => `“${id}”`).join(", ")}`),
  ].filter(Boolean);
}

/** What publishing a document will do, a sentence each; `provider` is that of its first message, if there is one. */
export function publishingLines(document, provider) {
  const { start, who, from, until } = document;
  const isRead = isShownStart(start) && (who == null || isShownWhole(who)) && areShownSteps(document.steps);
  return [
    ...(isRead ? entryLines({ start, who, starts_at: from, ends_at: until }) : []),
    who == null && EVERYBODY,
    isRead && `${blockWords("what", hasOneSend(document) ? sentThrough(document, provider) : document)}.`,
    blockWords("guard", document),
    ...insideLines(document),
    !until && "It runs until you stop it.",
  ].filter(Boolean);
}

/** A document of one message that says which provider it goes through, its default too. */
const sentThrough = (document, provider) => put(document, "steps.0.send.through",
  provider?.nickname ?? "the default provider, and there is none yet");

/** A path as people say it: a step by its name, a field of the only message as they see it. */
export function placeIn(document, path, place) {
  const inner = placedSteps(document.steps).filter(([at]) => path === at || path.startsWith(`${at}.`)).at(-1);
  if (!inner || hasOneSend(document)) return place(path.replace(/^steps\.0\.send\./, "content."));
  const [at, step] = inner;
  const below = path.slice(at.length + 1).replace(new RegExp(`^${stepKind(step)}\\.?`), "");
  return `Step “${step.id ?? at}”${below ? `: ${place(below)}` : ""}`;
}

