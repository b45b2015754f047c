// The steps of a campaign as a tree. Each change gives new lists and leaves the old ones as they are. Pure.
// A path says where a step or a list stands, as mistakes do: "steps.1.choose.0.steps.2".

export const ROOT = "steps";
const ID_LIMIT = 64;

const plain = (branches, key) => branches.map(({ steps = [], winner }, at) =>
  ({ path: `${key}.${at}.steps`, steps, isFixed: Boolean(winner), leaves: false }));

// As `stepWords` has branches: the same ones, in the same order.
const LISTS = {
  wait: ({ or = [] }) => or.map(({ steps }, at) =>
    ({ path: `wait.or.${at}.steps`, steps: steps ?? [], isFixed: false, leaves: !steps })),
  choose: (branches) => plain(branches, "choose"),
  split: (shares) => plain(shares, "split"),
  repeat: ({ steps = [] }) => [{ path: "repeat.steps", steps, isFixed: false, leaves: false }],
};

/**
 * The lists that a step holds, each with its path below `path`. `leaves`: who comes there leaves the campaign, as long
 * as there is no step. `isFixed`: it can hold none, since it is one of the others.
 * @returns {{path: string, steps: any[], isFixed: boolean, leaves: boolean}[]}
 */
export function listsOf(step, path = "") {
  const kind = Object.keys(LISTS).find((name) => name in step);
  const lists = kind ? LISTS[kind](step[kind]) : [];
  return path ? lists.map((list) => ({ ...list, path: `${path}.${list.path}` })) : lists;
}

/** Whether some go on past the lists of a step: who waits until the time is over, and whom no rule is true for. */
export const hasWayPast = (step) =>
  Boolean(step.wait?.or?.length) || Boolean(step.choose && !step.choose.some((one) => one.else));

/** All steps with their paths, those of branches after the step that holds them. */
export const everyStep = (steps, list = ROOT) => steps.flatMap((step, at) => {
  const path = `${list}.${at}`;
  return [{ path, step }, ...listsOf(step, path).flatMap((one) => everyStep(one.steps, one.path))];
});

export const idsIn = (steps) => new Set(everyStep(steps).map(({ step }) => step.id));

/** The list that a path stands in, and its place there. */
export function placeOf(path) {
  const dot = path.lastIndexOf(".");
  return { list: path.slice(0, dot), at: Number(path.slice(dot + 1)) };
}

const BRANCH = /^(.*\.\d+)\.(?:wait\.or|choose|split|repeat)(?:\.\d+)?\.steps$/;

/** The path of the step that holds the list of this path; empty for the first list. */
export const holderOf = (list) => list.match(BRANCH)?.[1] ?? "";

const keysOf = (path) => path.split(".");

/** The step or the list at a path, undefined if there is none. */
export const at = (steps, path) => keysOf(path).reduce((node, key) => node?.[key], { steps });

export const listAt = (steps, path) => at(steps, path) ?? [];

function put(node, keys, value) {
  const [key, ...rest] = keys;
  const copy = Array.isArray(node) ? [...node] : { ...node };
  copy[key] = rest.length ? put(node[key], rest, value) : value;
  return copy;
}

const putList = (steps, list, value) => put({ steps }, keysOf(list), value).steps;

/** @returns {{steps: any[], path: string}} the steps then, and where the new one stands */
export function insertStep(steps, list, place, step) {
  return { steps: putList(steps, list, listAt(steps, list).toSpliced(place, 0, step)), path: `${list}.${place}` };
}

/** @returns {{steps: any[], path: string}} the steps then, and what stands nearest: an empty path if nothing does */
export function removeStep(steps, path) {
  const { list, at: place } = placeOf(path);
  const left = listAt(steps, list).toSpliced(place, 1);
  const near = left.length ? `${list}.${Math.min(place, left.length - 1)}` : holderOf(list);
  return { steps: putList(steps, list, left), path: near };
}

export const replaceStep = (steps, path, step) => put({ steps }, keysOf(path), step).steps;

// Moving

const END = Number.POSITIVE_INFINITY;

/** Where a step goes by an arrow, `{list, at}` as the lists are without it; null if it cannot go there. */
function goal(steps, path, way) {
  const { list, at: place } = placeOf(path);
  const holder = holderOf(list);
  const out = holder && placeOf(holder);
  if (way === "up") return place > 0 ? { list, at: place - 1 } : out || null;
  if (way === "down") {
    return place < listAt(steps, list).length - 1 ? { list, at: place + 1 } : out ? { ...out, at: out.at + 1 } : null;
  }
  const beside = besides(steps, holder, list, way === "right" ? 1 : -1);
  if (beside) return beside;
  if (way === "left") return out ? { ...out, at: out.at + 1 } : null;
  const before = place > 0 ? listsOf(at(steps, `${list}.${place - 1}`), `${list}.${place - 1}`) : [];
  const first = before.find((one) => !one.isFixed);
  return first ? { list: first.path, at: END } : null;
}

/** The branch beside the one that a step stands in, of the same holder. */
function besides(steps, holder, list, by) {
  if (!holder) return null;
  const lists = listsOf(at(steps, holder), holder).filter((one) => !one.isFixed);
  const next = lists[lists.findIndex((one) => one.path === list) + by];
  return next ? { list: next.path, at: END } : null;
}

/**
 * Moves a step by one place: "up" and "down" in its list, and out of it at its ends; "left" and "right" into the branch
 * beside. Null if there is none.
 * @returns {{steps: any[], path: string} | null}
 */
export function moveStep(steps, path, way) {
  const to = goal(steps, path, way);
  if (!to) return null;
  const { list, at: place } = placeOf(path);
  const step = at(steps, path);
  const rest = putList(steps, list, listAt(steps, list).toSpliced(place, 1));
  return insertStep(rest, to.list, Math.min(to.at, listAt(rest, to.list).length), step);
}

// Ids

/** An id that is not taken yet: `base`, `base-2`, ... */
export function freeId(base, taken) {
  const stem = base.replace(/-\d+$/, "") || "step";
  if (!taken.has(base) && base) return base;
  for (let number = 2; ; number += 1) {
    const id = `${stem.slice(0, ID_LIMIT - 1 - String(number).length)}-${number}`;
    if (!taken.has(id)) return id;
  }
}

/** A copy of a step whose ids, and those in its branches, are not taken. */
export function withFreeIds(step, taken) {
  const known = new Set(taken);
  const fresh = (one) => {
    const id = freeId(typeof one.id === "string" ? one.id : "", known);
    known.add(id);
    return listsOf(one).reduce((copy, { path, steps, leaves, isFixed }) =>
      (leaves || isFixed ? copy : put(copy, keysOf(path), steps.map(fresh))), { ...one, id });
  };
  return fresh(step);
}
