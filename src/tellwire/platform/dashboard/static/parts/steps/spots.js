// What a key of the canvas or the outline stands for: a step by its path, "start", "end", or a list. Pure.
import { at, listAt, placeOf, ROOT } from "./tree.js";

export const START = "start";
const END = "end";

/** Whether a key is a step's path. */
export const isStep = (steps, key) => /\.\d+$/.test(key) && Boolean(at(steps, key));

const behind = (path) => {
  const { list, at: place } = placeOf(path);
  return { list, at: place + 1 };
};

/**
 * Where "/" inserts: behind a step, first in the list of a label; `isLast`: last in it, as the outline's button stands.
 * @returns {{list: string, at: number}}
 */
export function spotOf(steps, key, isLast = false) {
  if (isStep(steps, key)) return behind(key);
  if (key === END) return { list: ROOT, at: steps.length };
  const list = key.replace(/ (label|end)$/, "");
  if (list.endsWith(".past")) return behind(list.slice(0, -".past".length));
  if (!list.endsWith(ROOT)) return { list: ROOT, at: 0 };
  return { list, at: isLast ? listAt(steps, list).length : 0 };
}

/** The key of what stands before or after among `keys`, as they are read; undefined where nothing does. */
export function inOrder(keys, key, arrow) {
  const place = keys.indexOf(key);
  return { Home: keys[0], End: keys.at(-1), ArrowUp: keys[place - 1], ArrowDown: keys[place + 1] }[arrow];
}
