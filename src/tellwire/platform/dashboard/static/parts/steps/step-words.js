// What a node of the canvas and a line of the outline say of a step: its mistakes, its figures, its place in a walk.
import { number, share } from "../../words.js";
import { everyStep } from "./tree.js";

const dotted = (path) => path.replace(/\[(\d+)\]/g, ".$1");

/**
 * Mistakes by the path of the step that they are about, the innermost: `Map(path, [[field, sentence]])`.
 * @param {any[]} steps
 * @param {Record<string, string>} mistakes by path, as "steps.0.send.text" or "steps[0].send.text"
 * @returns {Map<string, [string, string][]>}
 */
export function mistakesByStep(steps, mistakes) {
  const paths = everyStep(steps).map(({ path }) => path).sort((a, b) => b.length - a.length);
  const byStep = new Map();
  for (const [written, why] of Object.entries(mistakes ?? {})) {
    const place = dotted(written);
    const path = paths.find((one) => place === one || place.startsWith(`${one}.`));
    if (path) byStep.set(path, [...(byStep.get(path) ?? []), [place.slice(path.length + 1), why]]);
  }
  return byStep;
}

/** What is said of how many came to a step and what they got, in few words. */
export const figureWords = (step, { reached, messages }) =>
  [`${number(reached)} came`, step.send && `${number(messages)} sent`].filter(Boolean);

const WORTH_A_WORD = 0.01; // a share of failures below it is what every day has

/** How many of a step's messages failed, where that is worth a word. */
export const failureWords = ({ messages, failed }) =>
  (failed > 0 && failed >= WORTH_A_WORD * messages ? `${share(failed, messages)} failed` : "");
