// What a walk of one person says of each thing on the canvas. Pure.
import { stepWords } from "../../journey-words.js";
import { gateName } from "../../words.js";
import { everyStep, listsOf } from "./tree.js";

const PAST = -1; // the way past all branches

/**
 * @typedef {{moment: string, words: string, text: string, isTaken: boolean, stop?: any}} Said
 * @param {any[]} steps
 * @param {any} walk as `POST /api/campaigns/{id}/walk` answers
 * @param {(iso: string) => string} when how a moment is written
 * @returns {Map<string, Said>} by path, and by the keys of the labels and of the end that are come to
 */
export function stopsOf(steps, walk, when) {
  const byId = new Map(walk.stops.map((stop) => [stop.step, stop]));
  const said = new Map();
  const mark = { moment: "", words: "", text: "", isTaken: true };
  for (const { path, step } of everyStep(steps)) {
    const stop = byId.get(step.id);
    if (!stop) continue;
    said.set(path, { moment: when(stop.at), words: wordsOf(step, stop, when), text: stop.text, isTaken: stop.is_taken,
      stop });
    if (!stop.is_taken) continue;
    const list = stop.way === PAST ? `${path}.past` : listsOf(step, path)[step.repeat ? 0 : stop.way]?.path;
    if (list && (stop.way !== null || step.repeat)) said.set(`${list} label`, mark);
  }
  if (walk.end?.code === "finished") said.set("end", mark);
  return said;
}

function wordsOf(step, stop, when) {
  if (stop.held_until) return `held until ${when(stop.held_until)}, then ${VERDICTS[stop.verdict](stop)}`;
  if (stop.verdict) return VERDICTS[stop.verdict](stop);
  if (stop.way === null) return "";
  if (stop.way === PAST) return step.wait ? "until the time is over" : "nothing is true";
  return stepWords(step).branches[stop.way]?.label ?? "";
}

const VERDICTS = {
  send: ({ parts }) => (parts > 1 ? `sent, ${parts} parts` : "sent"),
  skip: ({ code }) => `not sent: ${gateName(code).toLowerCase()}`,
  hold: ({ code }) => `held: ${gateName(code).toLowerCase()}`,
};

/** What the whole walk comes to, a sentence each. */
export function sumOf(walk, when) {
  const taken = walk.stops.filter((stop) => stop.is_taken);
  const sent = taken.filter((stop) => stop.verdict === "send").length;
  const messages = sent === 1 ? "One message" : `${sent || "No"} messages`;
  const end = walk.end && `${END[walk.end.code] ?? "It ends"} ${when(walk.end.at)}`;
  const more = !walk.is_whole && "There are more branches than are shown.";
  return [`${messages}.`, end && `${end}.`, more].filter(Boolean);
}

const END = {
  finished: "The last step is done", stop_step: "They leave by a stop", missed: "They leave: a date is gone",
};
