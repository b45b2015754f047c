// The kinds of steps that can be added: what each is for, and how it begins.
import { stepWords } from "../../journey-words.js";
import { everyStep, freeId } from "./tree.js";

/** `{key, icon, name, use, id, make}`; `use` is what it is for, `id` what a new one is called. */
export const KINDS = [
  { key: "send", icon: "message", name: "Message", use: "Write to the person", id: "message",
    make: () => ({ send: { text: "" } }) },
  { key: "wait", icon: "clock", name: "Wait", use: "A time, or until an hour or a date", id: "wait",
    make: () => ({ wait: { for: "1 day" } }) },
  { key: "event", icon: "bolt", name: "Wait for an event", use: "Go on by it, or when the time is over", id: "answer",
    make: () => ({ wait: { for: "2 days", or: [{ event: "", steps: [] }] } }) },
  { key: "choose", icon: "route", name: "Choose", use: "One way for some, by a rule", id: "choose",
    make: () => ({ choose: [{ if: { profile: "", equals: "" }, steps: [] }, { else: true, steps: [] }] }) },
  { key: "split", icon: "people", name: "Split", use: "By chance, to compare", id: "split",
    make: () => ({ split: [{ share: 50, steps: [] }, { share: 50, steps: [] }] }) },
  { key: "repeat", icon: "again", name: "Repeat", use: "The same steps several times", id: "repeat",
    make: () => ({ repeat: { times: 3, every: "1 day", steps: [] } }) },
  { key: "set", icon: "person", name: "Set a property", use: "Change the profile", id: "set",
    make: () => ({ set: {} }) },
  { key: "call", icon: "hook", name: "Call a system", use: "A signed request to an address", id: "call",
    make: () => ({ call: { url: "" } }) },
  { key: "stop", icon: "stop", name: "Stop", use: "They leave the campaign here", id: "stop",
    make: () => ({ stop: "" }) },
];

/** Which of the kinds a step is of. */
export const kindOf = (step) =>
  KINDS.find(({ key }) => key === (step.wait?.or?.length ? "event" : stepWords(step).kind)) ?? UNKNOWN;

const UNKNOWN = { key: "", icon: "question", name: "Step", use: "", id: "step", make: () => ({}) };

/** A new step of a kind, with an id that is not taken. */
export const newStep = (kind, taken) => ({ id: freeId(kind.id, taken), ...kind.make() });

const LONGEST = 200_000; // characters of a step from the clipboard

/** The step that a text holds, as it was copied here or written by hand in JSON; null if it holds none. */
export function stepIn(text) {
  try {
    const step = text.length <= LONGEST ? JSON.parse(text) : null;
    const isOne = typeof step === "object" && everyStep([step]).every(({ step: one }) => stepWords(one).kind);
    return isOne ? step : null;
  } catch {
    return null; // no JSON, or nothing that could be drawn
  }
}
