// The columns that somebody chose for a table, kept in this browser by the table's name.
import { useState } from "../preact.js";
import { chosenOf } from "./columns.js";

const keyOf = (name) => `tellwire.columns ${name}`;

function read(name) {
  try {
    return localStorage.getItem(keyOf(name));
  } catch {
    return null; // storage may be forbidden
  }
}

function keep(name, chosen) {
  try {
    if (chosen) localStorage.setItem(keyOf(name), chosen.join(","));
    else localStorage.removeItem(keyOf(name));
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

/** `[chosen, choose]`: null until somebody chose, and again after `choose(null)`. */
export function useChosen(name, columns) {
  const [chosen, setChosen] = useState(() => chosenOf(read(name), columns));
  return [chosen, (keys) => { keep(name, keys); setChosen(keys); }];
}
