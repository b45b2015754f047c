// Where everything of a tree of steps stands on the canvas: nothing is stored, it is worked out from the steps. Pure.
//
//        start                 Lists run down, branches stand side by side under a label each, and meet again in a
//          |                   join behind which the outer list goes on. A list that everybody leaves has an end of
//        step                  its own and no way to the join.
//       /    \
//    label   label             Sizes are pixels at 100 %; `x` is the middle of a thing, `y` its upper edge.
//      |       |
//    step     end
//       \
//        join - end
import { stepWords } from "../../journey-words.js";
import { hasWayPast, listsOf, ROOT } from "./tree.js";

const STEP_WIDTH = 236;
export const STEP_HEIGHT = 74;
const LABEL_WIDTH = 220;
const LABEL_HEIGHT = 26;
const MARK_HEIGHT = 28; // the start's and the ends'
const MARK_WIDTH = 150;
const EMPTY_WIDTH = 160; // a branch without a step
const GAP_X = 28; // between branches
const GAP_Y = 40; // between steps: room for the plus
const FORK_Y = 40;
const JOIN_Y = 30;
const AFTER_END_Y = 10; // below an end, where the others go on
const BACK_X = 30; // beside a repeat, for the line that leads back
const MARGIN = 24;

const LEAVE = "They leave";
const AS_ANOTHER = "Go where it is best"; // who waits for the winner of a split takes one of its other branches
const PAST = { wait: "When the time is over", choose: "Otherwise" };
/** What a label says beside what is drawn below it: an end, or the way on. */
const short = (label) => label.replace(/: (they leave|go on at once)$/, "");
const isStop = (step) => step.stop !== undefined;

/**
 * @typedef {{key: string, kind: "start" | "step" | "label" | "end", x: number, y: number, width: number,
 *   height: number, path?: string, step?: any, text?: string, list?: string, at?: number, of?: string}} Item
 * @typedef {{key: string, d: string, list?: string, at?: number, plus?: {x: number, y: number}, to?: string,
 *   from: string[], isBack?: boolean, isDead?: boolean}} Edge
 */

/**
 * @param {any[]} steps
 * @param {(path: string) => number} [heightOf] of a step
 * @returns {{items: Item[], edges: Edge[], links: [string, string][], width: number, height: number}}
 */
export function layoutOf(steps, heightOf = () => STEP_HEIGHT) {
  const column = measured(steps, ROOT, heightOf);
  const plan = new Plan(heightOf);
  const x = MARGIN + Math.max(column.width, STEP_WIDTH) / 2;
  plan.add({ key: "start", kind: "start", x, y: MARGIN, width: STEP_WIDTH, height: MARK_HEIGHT, list: ROOT, at: 0 });
  const begin = { x, y: MARGIN + MARK_HEIGHT, from: ["start"], isDead: false };
  const last = plan.list(column, begin);
  const end = { key: "end", kind: "end", x, y: last.y + GAP_Y, width: MARK_WIDTH, height: MARK_HEIGHT, text: "End",
    list: ROOT, at: steps.length };
  plan.lead(last, end.y, { list: ROOT, at: steps.length }, "end");
  plan.add(/** @type {Item} */ (end));
  return {
    items: plan.items, edges: plan.edges, links: plan.links,
    width: Math.max(column.width, STEP_WIDTH) + 2 * MARGIN, height: end.y + MARK_HEIGHT + MARGIN,
  };
}

// How wide everything is

function measured(steps, list, heightOf) {
  const blocks = steps.map((step, at) => measuredStep(step, `${list}.${at}`, heightOf));
  return { list, steps, blocks, width: Math.max(EMPTY_WIDTH, ...blocks.map((block) => block.width)) };
}

function measuredStep(step, path, heightOf) {
  const words = stepWords(step).branches;
  const columns = listsOf(step, path).map((one, at) => ({
    ...measured(one.steps, one.path, heightOf), end: one.leaves ? LEAVE : one.isFixed ? AS_ANOTHER : "",
    isFixed: one.isFixed, isPast: false,
    label: short(words[at]?.label ?? "") || "Each time",
  }));
  if (hasWayPast(step)) {
    columns.push({ list: `${path}.past`, steps: [], blocks: [], width: EMPTY_WIDTH, end: "", isFixed: true,
      isPast: true, label: PAST[step.wait ? "wait" : "choose"] });
  }
  for (const column of columns) column.width = Math.max(column.width, LABEL_WIDTH);
  const beside = step.repeat ? 2 * BACK_X : 0;
  const together = columns.reduce((sum, column) => sum + column.width + GAP_X, -GAP_X) + beside;
  return { step, path, columns, together, width: Math.max(STEP_WIDTH, columns.length ? together : 0) };
}

// Where it stands

/** Where a way has come to: from which items, whether anybody can come here. */
/** @typedef {{x: number, y: number, from: string[], isDead: boolean}} Way */

class Plan {
  constructor(heightOf) {
    this.heightOf = heightOf;
    /** @type {Item[]} */
    this.items = [];
    /** @type {Edge[]} */
    this.edges = [];
    /** @type {[string, string][]} */
    this.links = [];
  }

  /** @param {Item} item */
  add(item) {
    this.items.push(item);
  }

  /** A line from where a way is down to `y`; a plus on it inserts a step. */
  lead(way, y, { list, at }, to, isOpen = true) {
    this.edges.push({
      key: `${list}.${at} in`, d: `M${way.x} ${way.y}V${y}`, list, at, to, from: way.from, isDead: way.isDead,
      ...(isOpen && { plus: { x: way.x, y: Math.min(way.y + GAP_Y / 2, (way.y + y) / 2) } }),
    });
    if (to) this.link(way, to);
  }

  link(way, to) {
    for (const from of way.from) this.links.push([from, to]);
  }

  /** Puts a list below where a way is. @returns {Way} */
  list(column, way) {
    return column.blocks.reduce((now, block, at) => {
      const y = now.y + GAP_Y;
      this.lead(now, y, { list: column.list, at }, block.path);
      return this.step(block, { x: now.x, y, isDead: now.isDead });
    }, way);
  }

  /** @returns {Way} */
  step({ step, path, columns, together }, { x, y, isDead }) {
    const height = this.heightOf(path);
    this.add({ key: path, kind: "step", path, step, x, y, width: STEP_WIDTH, height });
    const below = { x, y: y + height, from: [path], isDead: isDead || isStop(step) };
    if (!columns.length) return below;
    let left = x - together / 2 + (step.repeat ? BACK_X : 0);
    const ends = columns.map((column) => {
      const middle = left + column.width / 2;
      left += column.width + GAP_X;
      return this.branch(column, path, below, middle);
    });
    if (step.repeat) this.back(ends[0], { path, x, y, height, left: x - together / 2 });
    return this.join(ends, below);
  }

  branch(column, path, way, x) {
    const y = way.y + FORK_Y;
    const key = `${column.list} label`;
    this.add({ key, kind: "label", x, y, width: LABEL_WIDTH, height: LABEL_HEIGHT, text: column.label, of: path,
      ...(!column.isFixed && { list: column.list, at: 0 }) });
    this.edges.push({ key: `${key} in`, d: curve(way.x, way.y, x, y), to: key, from: [path], isDead: way.isDead });
    this.link(way, key);
    const end = this.list(column, { x, y: y + LABEL_HEIGHT, from: [key], isDead: way.isDead });
    return column.end ? this.leave(column, end) : { ...end, column };
  }

  leave(column, way) {
    const y = way.y + GAP_Y;
    const key = `${column.list} end`;
    this.lead(way, y, { list: column.list, at: 0 }, key, !column.isFixed);
    this.add({ key, kind: "end", x: way.x, y, width: MARK_WIDTH, height: MARK_HEIGHT, text: column.end,
      ...(!column.isFixed && { list: column.list, at: 0 }) });
    return { x: way.x, y: y + MARK_HEIGHT, from: [], isDead: true, column, hasEnd: true };
  }

  join(ends, way) {
    const bottom = Math.max(...ends.map((end) => end.y + (end.hasEnd ? AFTER_END_Y - JOIN_Y : GAP_Y)));
    const y = bottom + JOIN_Y;
    for (const { x, y: from, column, isDead, from: last, hasEnd } of ends) {
      if (hasEnd) continue;
      const at = column.steps.length;
      this.edges.push({
        key: `${column.list} out`, d: `M${x} ${from}V${bottom}${curve(x, bottom, way.x, y).replace("M", "L")}`,
        from: last, list: column.list, at, isDead, ...(!column.isFixed && { plus: { x, y: from + GAP_Y / 2 } }),
      });
    }
    const open = ends.filter((end) => !end.isDead);
    return { x: way.x, y, from: open.flatMap((end) => end.from), isDead: !open.length || way.isDead };
  }

  /** The line of a repeat, from below its last step back to its side. */
  back(end, { path, x, y, height, left }) {
    if (end.isDead) return;
    const [from, to] = [end.y + GAP_Y - 8, y + height / 2];
    this.edges.push({
      key: `${end.column.list} back`, from: end.from, to: path, isBack: true,
      d: `M${end.x} ${from}H${left + 10}Q${left} ${from} ${left} ${from - 10}V${to + 10}`
        + `Q${left} ${to} ${left + 10} ${to}H${x - STEP_WIDTH / 2}`,
    });
  }
}

function curve(x, y, toX, toY) {
  if (x === toX) return `M${x} ${y}V${toY}`;
  const middle = (y + toY) / 2;
  return `M${x} ${y}C${x} ${middle} ${toX} ${middle} ${toX} ${toY}`;
}

// Walking over it

/** The key that an arrow, Home or End leads to from the item of `key`; undefined if there is none there. */
export function neighbour({ items, links }, key, arrow) {
  if (arrow === "Home") return "start";
  if (arrow === "End") return "end";
  if (arrow === "ArrowDown") return links.find(([from]) => from === key)?.[1];
  if (arrow === "ArrowUp") return links.find(([, to]) => to === key)?.[0];
  const here = items.find((item) => item.key === key);
  const by = { ArrowRight: 1, ArrowLeft: -1 }[arrow];
  if (!here || !by) return undefined;
  const beside = items.filter((item) => (item.x - here.x) * by > LABEL_WIDTH / 2);
  const far = (item) => Math.abs(item.x - here.x) + 2 * Math.abs(item.y - here.y);
  return beside.sort((a, b) => far(a) - far(b))[0]?.key;
}
