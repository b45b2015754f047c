// A form in a dialog: values, the server's word on each field, and one button that saves.
import { html, useLayoutEffect, useRef, useState } from "/static/shared/ui/preact.js";
import { Dialog } from "/static/shared/ui/dialog.js";
import { Icon } from "/static/shared/ui/icons.js";
import { useProblem } from "/static/shared/ui/problems.js";

/** Leads to the first field that is wrong, else to what is said of a group of fields, else to what is said of all. */
function focusOnWrong(form) {
  const place = form.querySelector("[aria-invalid=true]") ?? form.querySelector(".wrong, [role=alert]");
  if (place?.matches(".wrong")) place.tabIndex = -1;
  place?.focus();
}

/**
 * `draw(values, set, errors)` draws the fields; `save(values)` answers when it is done or throws an ApiError,
 * whose fields are shown beside theirs, all at once, each until its field is changed. `set` takes a change:
 * `set({name: "x"})`. Enter in a field saves, as does Ctrl+Enter in a field of many lines; Esc closes.
 */
export function FormDialog({ title, first, draw, save, verb = "Save", onClose }) {
  const [values, setValues] = useState(first);
  const { problem, errors, show } = useProblem(values);
  const [isUnplaced, setUnplaced] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const box = useRef(null);
  const isGeneral = problem && (isUnplaced || Object.keys(errors).length === 0);
  useLayoutEffect(() => { // what is wrong with no field of this form stands above all of them
    if (problem) setUnplaced(!box.current.querySelector("[aria-invalid=true], .wrong"));
  }, [problem]);
  useLayoutEffect(() => { if (problem) focusOnWrong(box.current); }, [problem, isGeneral]);
  const submit = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    show(null);
    try {
      await save(values);
    } catch (error) {
      show(error);
      setBusy(false);
    }
  };
  const press = (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    box.current.requestSubmit();
  };
  return html`<${Dialog} title=${title} onClose=${onClose} isForm=${true}>
    <form class="stack" ref=${box} onSubmit=${submit} onKeyDown=${press} aria-busy=${String(isBusy)} novalidate>
      ${isGeneral && html`<div class="banner bad" role="alert" tabindex="-1">
        <${Icon} name="warning" /><p class="grow">${problem.message}</p></div>`}
      ${draw(values, (change) => setValues((old) => ({ ...old, ...change })), errors)}
      <p class="unseen" role="status">${problem && !isGeneral ? problem.message : ""}</p>
      <div class="actions"><button type="button" class="button" onClick=${onClose}>Cancel</button>
        <button class="button primary" aria-disabled=${isBusy ? "true" : undefined}>${isBusy ? "Saving…" : verb}
          </button></div>
    </form><//>`;
}

/** What the browser shows once and nobody can show again. */
export function Secret({ title, secret, children, onClose }) {
  return html`<${Dialog} title=${title} onClose=${onClose} isForm=${true}><div class="secret">
    <div class="banner warn"><${Icon} name="warning" />
      <p class="grow">Copy it now: it is shown this once and is not kept in readable form.</p></div>
    ${secret}${children}</div>
    <div class="actions"><button type="button" class="button primary" onClick=${onClose}>Done</button></div><//>`;
}
