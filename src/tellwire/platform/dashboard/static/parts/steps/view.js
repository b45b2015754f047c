// Whether the steps are drawn or listed: what was chosen last, else what the screen has room for.
import { useState } from "/static/shared/ui/preact.js";

export const VIEWS = [["canvas", "route", "Canvas"], ["outline", "menu", "Outline"]];

const KEY = "tellwire.steps";
const NARROW = "(max-width: 699px)";

function chosen() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage may be forbidden
  }
}

function keep(view) {
  try {
    localStorage.setItem(KEY, view);
  } catch {
    // Storage may be forbidden; it is chosen anew next time.
  }
}

/** A narrow screen begins with the outline, whatever was chosen on a wide one. */
export function useView() {
  const [view, setView] = useState(() => (matchMedia(NARROW).matches ? "outline" : (chosen() ?? "canvas")));
  return /** @type {const} */ ([view, (next) => {
    keep(next);
    setView(next);
  }]);
}
