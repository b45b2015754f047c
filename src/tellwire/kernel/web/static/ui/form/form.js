// The element of a form: what is wrong with all of it above, its fields, and its buttons.
import { html, useLayoutEffect, useState } from "../preact.js";
import { Dialog } from "../dialog.js";
import { Icon } from "../icons.js";
import { useForm } from "./use-form.js";

/** Whether the sentence stands above: only where no field shows what is wrong with it. */
function useIsGeneral({ message, box }) {
  const [isGeneral, setGeneral] = useState(false);
  useLayoutEffect(() => {
    setGeneral(Boolean(message) && !box.current.querySelector("[aria-invalid=true], .wrong"));
  }, [message]);
  return isGeneral && Boolean(message);
}

/** `form` is that of `useForm`. Enter in a field saves, as does Ctrl+Enter in a field of many lines. */
export function Form({ form, children }) {
  const isGeneral = useIsGeneral(form);
  useLayoutEffect(() => { if (isGeneral) form.box.current.querySelector("[role=alert]").focus(); }, [isGeneral]);
  const press = (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.submit();
  };
  return html`<form class="stack" ref=${form.box} onSubmit=${form.submit} onKeyDown=${press}
    aria-busy=${String(form.isBusy)} novalidate>
    ${isGeneral && html`<div class="banner bad" role="alert" tabindex="-1">
      <${Icon} name="warning" /><p class="grow">${form.message}</p></div>`}
    ${children}
    <p class="unseen" role="status">${isGeneral ? "" : form.message}</p></form>`;
}

/** The button that saves. It can be pressed while fields are empty: that shows all that is missing at once. */
export const Save = ({ form, children = "Save" }) => html`<button class="button primary"
  aria-disabled=${form.isBusy ? "true" : undefined}>${form.isBusy ? "Saving…" : children}</button>`;

/**
 * A form in a dialog. `draw(values, set, errors, form)` draws the fields, `set({name: "x"})` takes a change;
 * `save(values)` answers when it is done or throws an ApiError; `rules` are checked before it.
 */
export function FormDialog({ title, first, draw, save, rules, verb = "Save", onClose }) {
  const form = useForm({ first, rules, save });
  return html`<${Dialog} title=${title} onClose=${onClose} isForm=${true}><${Form} form=${form}>
    ${draw(form.values, form.change, form.errors, form)}
    <div class="actions"><button type="button" class="button" onClick=${onClose}>Cancel</button>
      <${Save} form=${form}>${verb}<//></div><//><//>`;
}
