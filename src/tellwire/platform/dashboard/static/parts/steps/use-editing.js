// Changing a tree of steps: what is marked, every change with its undo, and whether the mark wants the focus.
import { useRef, useState } from "/static/shared/ui/preact.js";
import { changed, noHistory, redone, undone } from "./history.js";
import { newStep } from "./kinds.js";
import { START } from "./spots.js";
import { at, idsIn, insertStep, moveStep, placeOf, removeStep, replaceStep, withFreeIds } from "./tree.js";

/**
 * `selected` is the key of what is marked: a step's path, `start`, `end`, or a list's path and " label". `round` is
 * another number each time that the mark wants the focus.
 */
export function useEditing({ steps, onSteps }) {
  const [{ selected, round }, setMark] = useState({ selected: START, round: 0 });
  const history = useRef(noHistory());
  const select = (key, hasFocus = true) =>
    setMark((old) => ({ selected: key, round: old.round + Number(hasFocus) }));
  const change = (next, key, tag = "") => {
    history.current = changed(history.current, { steps, selected }, tag, Date.now());
    select(key, !tag);
    onSteps(next);
  };
  const turn = (turned) => {
    if (!turned) return;
    [history.current] = turned;
    const [, { steps: next, selected: key }] = turned;
    select(key);
    onSteps(next);
  };
  const insert = (list, place, step) => {
    const then = insertStep(steps, list, place, step);
    change(then.steps, then.path);
    return then.path;
  };
  return {
    selected, round, select,
    insertKind: ({ list, at: place }, kind) => insert(list, place, newStep(kind, idsIn(steps))),
    paste: ({ list, at: place }, step) => insert(list, place, withFreeIds(step, idsIn(steps))),
    duplicate: (path) => {
      const { list, at: place } = placeOf(path);
      return insert(list, place + 1, withFreeIds(at(steps, path), idsIn(steps)));
    },
    remove: (path) => {
      const then = removeStep(steps, path);
      change(then.steps, then.path || START);
    },
    replace: (path, step) => change(replaceStep(steps, path, step), path, `type ${path}`),
    move: (path, way) => {
      const then = moveStep(steps, path, way);
      if (then) change(then.steps, then.path);
      return then !== null;
    },
    undo: () => turn(undone(history.current, { steps, selected })),
    redo: () => turn(redone(history.current, { steps, selected })),
  };
}
