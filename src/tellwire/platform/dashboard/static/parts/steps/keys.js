// Which key does what to the marked step, in the canvas and in the outline alike. Pure.

const MOVES = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };

/** What a key means: `[verb, ...]`, or null if it is none of ours. */
export function meaningOf({ key, altKey, ctrlKey, metaKey, shiftKey }) {
  if (ctrlKey || metaKey) return COMMANDS[`${shiftKey ? "shift " : ""}${key.toLowerCase()}`] ?? null;
  if (altKey) return MOVES[key] ? ["move", MOVES[key]] : null;
  if (MOVES[key] || key === "Home" || key === "End") return ["walk", key];
  return PLAIN[key] ?? null;
}

const COMMANDS = { z: ["undo"], "shift z": ["redo"], y: ["redo"] };
const PLAIN = {
  Enter: ["open"], "/": ["insert"], Insert: ["insert"], Delete: ["remove"], Backspace: ["remove"],
  "+": ["zoom", 1], "=": ["zoom", 1], "-": ["zoom", -1], 0: ["fit"],
};

/** The keys as help shows them: those of looking, and those of changing. */
export const LOOKING = [["arrows", "walk"], ["Enter", "open"], ["+ −", "zoom"], ["0", "fit"]];
export const CHANGING = [["/", "insert"], ["Del", "delete"], ["Alt arrows", "move"], ["Ctrl Z", "undo"],
  ["Ctrl C", "copy"]];
