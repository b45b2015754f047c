// What is wrong with a form: all of it at once, each at its field, until that field changes.
import { html, useLayoutEffect, useRef, useState } from "./preact.js";
import { holding } from "./form/model.js";
import { Icon } from "./icons.js";

/**
 * The problem of a form whose payload is `now`: `show` takes an ApiError or the like, `errors` are sentences by path.
 * The problem itself goes with the last of its fields.
 */
export function useProblem(now) {
  const [state, setState] = useState(null);
  const errors = state ? holding(state.error.fields ?? {}, state.payload, now) : {};
  const isOver = state && Object.keys(state.error.fields ?? {}).length > 0 && !Object.keys(errors).length;
  return {
    errors, problem: isOver ? null : state?.error ?? null,
    show: (error) => setState(error && { error, payload: now }),
  };
}

/**
 * The problem at the top of its form, which leads the focus to the first field that is wrong.
 * `place` writes a path as people say it.
 */
export function Problems({ problem, errors, place, action }) {
  const box = useRef(null);
  useLayoutEffect(() => {
    if (problem) (box.current.closest("form")?.querySelector("[aria-invalid=true]") ?? box.current).focus();
  }, [problem]);
  if (!problem) return null;
  return html`<div class="banner bad" role="alert" tabindex="-1" ref=${box}><${Icon} name="warning" /><div class="grow">
    <p class="strong">${problem.message}</p>
    <ul>${Object.entries(errors).map(([path, why]) => html`<li key=${path}>${place(path)}: ${why}</li>`)}</ul></div>
    ${action}</div>`;
}
