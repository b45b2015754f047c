// How many went where, from how many came to each step, wait there and left there. Pure.
import { everyStep, hasWayPast, listsOf, placeOf, ROOT } from "./tree.js";

/**
 * @typedef {{reached: number, waiting: number, left: number, skipped: number, messages: number, delivered: number,
 *   failed: number}} Figure of a step
 * @typedef {{entered?: number, steps: Record<string, Figure>}} Figures
 */

/** @type {Figure} */
export const NOTHING = { reached: 0, waiting: 0, left: 0, skipped: 0, messages: 0, delivered: 0, failed: 0 };

/** @returns {Figure} */
export const figureOf = (figures, id) => figures.steps[id] ?? NOTHING;

/** How many went on behind a step: who came to it, without those who still stand or left in it or below it. */
function outOf(step, figures) {
  const inside = everyStep([step]).map(({ step: one }) => ({ one, figure: figureOf(figures, one.id) }));
  const gone = inside.reduce((sum, { one, figure }) =>
    sum + figure.waiting + (one.stop === undefined ? figure.left : Math.max(figure.reached, figure.left)), 0);
  return Math.max(0, figureOf(figures, step.id).reached - gone);
}

/** How many came into each branch of a step, by the path of its list; one without a step has what is left over. */
function intoOf(step, path, figures) {
  const { reached, waiting, left } = figureOf(figures, step.id);
  const lists = [...listsOf(step, path).filter((list) => !list.leaves && !list.isFixed),
    ...(hasWayPast(step) ? [{ path: `${path}.past`, steps: [] }] : [])];
  const known = lists.filter((list) => list.steps.length)
    .map((list) => /** @type {const} */ ([list.path, figureOf(figures, list.steps[0].id).reached]));
  const empty = lists.filter((list) => !list.steps.length);
  const rest = reached - waiting - left - known.reduce((sum, [, people]) => sum + people, 0);
  const into = new Map(known);
  if (empty.length === 1) into.set(empty[0].path, Math.max(0, rest));
  return into;
}

/**
 * How many people each line of a layout had, by its key; a line that nothing is known of is not in it.
 * @param {any[]} steps
 * @param {Figures} figures
 * @param {{edges: import("./layout.js").Edge[]}} layout
 * @returns {Map<string, number>}
 */
export function flowOf(steps, figures, { edges }) {
  const byPath = new Map(everyStep(steps).map(({ path, step }) => [path, step]));
  const into = new Map();
  for (const [path, step] of byPath) for (const [list, people] of intoOf(step, path, figures)) into.set(list, people);
  const endOf = (list) => {
    const last = byPath.get(`${list}.${lengthOf(byPath, list) - 1}`);
    return last ? outOf(last, figures) : list === ROOT ? figures.entered : into.get(list);
  };
  const flow = (edge) => {
    if (edge.isBack) return undefined;
    const step = byPath.get(edge.to ?? "");
    if (step) return figureOf(figures, step.id).reached;
    if (edge.to?.endsWith(" label")) return into.get(edge.to.replace(/ label$/, ""));
    return edge.list === undefined ? undefined : endOf(edge.list);
  };
  return new Map(edges.flatMap((edge) => {
    const people = flow(edge);
    return people === undefined ? [] : [/** @type {[string, number]} */ ([edge.key, people])];
  }));
}

const lengthOf = (byPath, list) =>
  [...byPath.keys()].filter((path) => placeOf(path).list === list).length;

const THINNEST = 1.5; // pixels
const THICKEST = 9;

/** How thick the line of `people` is beside the one of most. */
export const thickness = (people, most) =>
  (people && most ? THINNEST + (THICKEST - THINNEST) * Math.sqrt(people / most) : THINNEST);
