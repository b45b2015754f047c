// A form in a dialog: values, the server's word on each field, and one button that saves.
import { html, useLayoutEffect, useRef, useState } from "/static/shared/ui/preact.js";
import { Dialog } from "/static/shared/ui/dialog.js";
import { Icon } from "/static/shared/ui/icons.js";

/**
 * `draw(values, set, errors)` draws the fields; `save(values)` answers when it is done or throws an ApiError,
 * whose fields are shown beside theirs. `set` takes a change: `set({name: "x"})`.
 */
export function FormDialog({ title, first, draw, save, verb = "Save", onClose }) {
  const [values, setValues] = useState(first);
  const [error, setError] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const box = useRef(null);
  useLayoutEffect(() => { if (error) box.current.querySelector("[aria-invalid=true], [role=alert]")?.focus(); }, [error]);
  const submit = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await save(values);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  const errors = error?.fields ?? {};
  const isGeneral = error && Object.keys(errors).length === 0;
  return html`<${Dialog} title=${title} onClose=${onClose} isForm=${true}><form class="stack" ref=${box} onSubmit=${submit} novalidate>
    ${isGeneral && html`<div class="banner bad" role="alert" tabindex="-1"><${Icon} name="warning" /><p class="grow">${error.message}</p></div>`}
    ${draw(values, (change) => setValues((old) => ({ ...old, ...change })), errors)}
    <p class="unseen" role="status">${error && !isGeneral ? error.message : ""}</p>
    <div class="actions"><button type="button" class="button" onClick=${onClose}>Cancel</button>
      <button class="button primary" aria-disabled=${isBusy ? "true" : undefined}>${verb}</button></div></form><//>`;
}

/** What the browser shows once and nobody can show again. */
export function Secret({ title, secret, children, onClose }) {
  return html`<${Dialog} title=${title} onClose=${onClose} isForm=${true}><div class="secret">
    <div class="banner warn"><${Icon} name="warning" /><p class="grow">Copy it now: it is shown this once and is not kept in readable form.</p></div>
    ${secret}${children}</div>
    <div class="actions"><button type="button" class="button primary" onClick=${onClose}>Done</button></div><//>`;
}
