// A form in a dialog: values, the server's word on each field, and one button that saves.
import { html, useLayoutEffect, useRef, useState } from "/static/shared/ui/preact.js";
import { Dialog } from "/static/shared/ui/dialog.js";
import { Icon } from "/static/shared/ui/icons.js";

/** What stands at the path of an error, such as "oauth.url", or what it stands in when the form has no such field. */
function valueAt(values, path) {
  const [field, ...rest] = path.split(".");
  if (!(field in values)) return values; // an error about the whole form
  return rest.reduce((value, key) => value?.[key], values[field]);
}

/** The errors that still hold after a change: those of fields that it did not touch. */
export const errorsThatHold = (errors, before, after) => Object.fromEntries(Object.entries(errors).filter(
  ([path]) => JSON.stringify(valueAt(before, path)) === JSON.stringify(valueAt(after, path))));

/**
 * `draw(values, set, errors)` draws the fields; `save(values)` answers when it is done or throws an ApiError,
 * whose fields are shown beside theirs, all at once, each until its field is changed. `set` takes a change:
 * `set({name: "x"})`. Enter in a field saves, as does Ctrl+Enter in a field of many lines; Esc closes.
 */
export function FormDialog({ title, first, draw, save, verb = "Save", onClose }) {
  const [values, setValues] = useState(first);
  const [error, setError] = useState(null);
  const [errors, setErrors] = useState({});
  const [isUnplaced, setUnplaced] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const box = useRef(null);
  const isGeneral = error && (isUnplaced || Object.keys(error.fields ?? {}).length === 0);
  useLayoutEffect(() => {
    if (error) setUnplaced(!box.current.querySelector("[aria-invalid=true], .wrong")); // about no field of this form
  }, [error]);
  useLayoutEffect(() => {
    if (error) box.current.querySelector("[aria-invalid=true], [role=alert]")?.focus();
  }, [error, isGeneral]);
  const set = (change) => {
    const after = { ...values, ...change };
    setValues((old) => ({ ...old, ...change }));
    setErrors((old) => errorsThatHold(old, values, after));
    if (isGeneral) setError(null); // it was about what was there before
  };
  const submit = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    setErrors({});
    try {
      await save(values);
    } catch (problem) {
      setErrors(problem.fields ?? {});
      setError(problem);
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
        <${Icon} name="warning" /><p class="grow">${error.message}</p></div>`}
      ${draw(values, set, errors)}
      <p class="unseen" role="status">${error && !isGeneral ? error.message : ""}</p>
      <div class="actions"><button type="button" class="button" onClick=${onClose}>Cancel</button>
        <button class="button primary" aria-disabled=${isBusy ? "true" : undefined}>${isBusy ? "Saving…" : verb}</button></div>
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
