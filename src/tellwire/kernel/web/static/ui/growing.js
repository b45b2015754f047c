// Long lists that are here whole: only the first rows are drawn, and more on demand.
import { lists } from "./entries.js";
import { html, useState } from "./preact.js";
import { number } from "./words.js";

/**
 * The first rows of `rows`, beginning anew whenever `question` changes, which says what was looked for.
 * Who comes back to the page by the browser's Back finds as many as before.
 */
export function useGrowing(rows, step, question = "") {
  const memory = useState(lists)[0];
  const [state, setState] = useState(() => memory.get("growing") ?? { question, limit: step });
  const limit = state.question === question ? state.limit : step;
  const more = () => {
    const grown = { question, limit: limit + step };
    memory.set("growing", grown);
    setState(grown);
  };
  return { shown: rows.slice(0, limit), left: Math.max(0, rows.length - limit), more };
}

/** The button below such a list. */
export const More = ({ list, step }) => list.left > 0 && html`<div class="row more">
  <button type="button" class="button" onClick=${list.more}>Show ${number(Math.min(step, list.left))} more</button>
  <span class="muted small">${number(list.left)} more than shown here; searching looks through all</span></div>`;
