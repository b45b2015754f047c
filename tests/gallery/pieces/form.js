import { Combobox } from "/static/shared/ui/combobox.js";
import { Choice, SelectField, TextField, Toggle } from "/static/shared/ui/fields.js";
import { Form, FormDialog, Save } from "/static/shared/ui/form/form.js";
import { useForm } from "/static/shared/ui/form/use-form.js";
import { html, useState } from "/static/shared/ui/preact.js";
import { State } from "../state.js";

const rules = [
  ["name", (value) => (value.trim() ? "" : "Give it a name.")],
  ["sender.id", (value) => (/^[\w ]{1,11}$/.test(value) ? "" : "A sender has 1 to 11 letters and digits.")],
];
const COUNTRIES = [{ value: "SG", name: "Singapore" }, { value: "ES", name: "Spain" }];

/** A server that knows a name already, and that is down when asked to be. */
function store({ name }) {
  const refuse = (message, fields) => { throw Object.assign(new Error(message), { fields }); };
  if (name === "taken") refuse("The server refused it.", { name: "Another one is called that." });
  if (name === "down") refuse("Tellwire does not answer. Nothing you typed is lost.", {});
}

function Whole() {
  const form = useForm({ first: { name: "", sender: { id: "" }, country: "SG", kind: "event", isOn: true }, rules,
    save: async (values) => { await null; store(values); } });
  return html`<div class="g-narrow"><${Form} form=${form}>
    <${TextField} label="Name" ...${form.field("name")} />
    <${TextField} label="Sender" hint="What the phone shows." ...${form.field("sender.id")} />
    <${Combobox} label="Country" options=${COUNTRIES} ...${form.field("country")} />
    <${SelectField} label="Provider" options=${[["", "The default one"], ["a", "Acme"]]} ...${form.field("provider")} />
    <${Choice} label="When" options=${[["event", "On an event"], ["time", "At a time"]]} ...${form.field("kind")} />
    <${Toggle} label="Quiet hours" checked=${form.values.isOn} onValue=${(isOn) => form.set("isOn", isOn)} />
    <div class="g-line"><${Save} form=${form} /><output class="k-muted">${form.isDirty ? "Not saved" : "Saved"}</output>
      </div><//></div>`;
}

function InDialog() {
  const [isOpen, setOpen] = useState(false);
  return html`<button type="button" class="button" onClick=${() => setOpen(true)}>New price…</button>
    ${isOpen && html`<${FormDialog} title="New price" first=${{ name: "" }} rules=${rules.slice(0, 1)}
      save=${async (values) => { await null; store(values); setOpen(false); }} onClose=${() => setOpen(false)}
      draw=${(values, set, errors) => html`<${TextField} label="Name of the price" value=${values.name}
        error=${errors.name} onValue=${(name) => set({ name })} />`} />`}`;
}

export default () => html`<${State} name="A form of a page"><${Whole} /><//>
  <${State} name="A form in a dialog"><${InDialog} /><//>`;
