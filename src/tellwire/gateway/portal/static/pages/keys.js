// API keys: who may send. A key is shown once, when it is made; after that by its name and last six characters.
import { html, useState } from "/static/shared/ui/preact.js";
import { Code, CopyButton } from "/static/shared/ui/copy.js";
import { SelectField, TextField } from "/static/shared/ui/fields.js";
import { FormDialog } from "/static/shared/ui/form/form.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { may, post, put } from "../api.js";
import { TextArea } from "../area.js";
import { useData } from "../data.js";
import { FirstAccount } from "../first-account.js";
import { linesOf } from "../lines.js";
import { KeyTable } from "../parts/key-table.js";
import { Secret } from "../secret.js";
import { Page } from "../shell.js";


export default function KeysPage() {
  const keys = useData("/keys", ["keys"]);
  const accounts = useData("/accounts", ["accounts", "subaccounts"]);
  const [open, setOpen] = useState(null); // {kind: "new" | "addresses" | "shown", ...}
  const close = () => setOpen(null);
  const isAllowed = may("developer");
  const has = accounts.data?.accounts ?? [];
  const error = keys.error ?? accounts.error;

  const make = async ({ account, name, addresses }) => {
    const made = await post("/keys", { account, name, addresses: linesOf(addresses) });
    keys.reload();
    setOpen({ kind: "shown", ...made });
  };
  const bind = async ({ key, addresses }) => {
    await put(`/keys/${key.id}`, { addresses: linesOf(addresses) });
    keys.reload();
    close();
    toast(`${key.name} is changed.`);
  };

  return html`<${Page} title="API keys"
    lead="Programs send with a key as a bearer token. One key works for every subaccount of its account."
    actions=${isAllowed && has.length > 0
      && html`<button type="button" class="button primary" onClick=${() => setOpen({ kind: "new" })}>
      <${Icon} name="plus" size=${14} />New key</button>`}>
    ${error && html`<${Failure} error=${error} retry=${() => { keys.reload(); accounts.reload(); }} />`}
    ${accounts.data && !has.length ? html`<div class="card"><${FirstAccount} /></div>`
      : !error && html`<${KeyTable} rows=${accounts.data && keys.data?.keys} hasAccounts=${has.length > 1}
        ...${{ isAllowed }} reload=${keys.reload} onAddresses=${(key) => setOpen({ kind: "addresses", key })} />`}
    ${open?.kind === "new"
      && html`<${FormDialog} title="New API key" verb="Make the key" onClose=${close} save=${make}
      first=${{ account: has[0].id, name: "", addresses: "" }}
      draw=${(values, set, errors) => html`
        <${TextField} label="Name" hint="Who uses it, such as Checkout service." required autofocus
          value=${values.name} error=${errors.name} onValue=${(name) => set({ name })} />
        ${has.length > 1
          && html`<${SelectField} label="Account" value=${values.account} error=${errors.account}
          options=${has.map(({ id, name }) => [id, name])} onValue=${(account) => set({ account })} />`}
        <${Addresses} value=${values.addresses} error=${errors.addresses}
          onValue=${(addresses) => set({ addresses })} />`} />`}
    ${open?.kind === "addresses"
      && html`<${FormDialog} title="Where ${open.key.name} may come from" onClose=${close} save=${bind}
      first=${{ key: open.key, addresses: open.key.addresses.join("\n") }}
      draw=${(values, set, errors) =>
        html`<${Addresses} value=${values.addresses} error=${errors.addresses}
        onValue=${(addresses) => set({ addresses })} />`} />`}
    ${open?.kind === "shown"
      && html`<${NewKey} made=${open}
      subaccount=${accounts.data.subaccounts.find((one) => one.account === open.key.account)?.id} onClose=${close} />`}
      <//>`;
}

const Addresses = (field) =>
  html`<${TextArea} label="IP addresses" optional=${true}
  hint="One a line. Empty allows every address; otherwise calls from elsewhere are refused (403)." ...${field} />`;

function NewKey({ made, subaccount, onClose }) {
  const line = `curl -X POST '${location.origin}/api/v1/subaccounts/${subaccount ?? "SUBACCOUNT"}/messages' \\
  -H 'Authorization: Bearer ${made.secret}' \\
  -H 'Content-Type: application/json' \\
  -d '{"destination": "+12025550100", "text": "Hello"}'`;
  return html`<${Secret} title="The key for ${made.key.name}" onClose=${onClose}
    secret=${html`<output>${made.secret}</output><div><${CopyButton} text=${made.secret} label="Copy the key" />
      </div>`}>
    <p class="small muted">Try it at once: the number is the simulator's.</p>
      <${Code} text=${line} label="the command" /><//>`;
}
