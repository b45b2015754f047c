// API keys: who may send. A key is shown once, when it is made; after that by its name and last six characters.
import { html, useState } from "/static/shared/ui/preact.js";
import { Code, CopyButton } from "/static/shared/ui/copy.js";
import { ask } from "/static/shared/ui/dialog.js";
import { SelectField, TextField } from "/static/shared/ui/fields.js";
import { FormDialog } from "/static/shared/ui/form/form.js";
import { Icon } from "/static/shared/ui/icons.js";
import { useResource } from "/static/shared/ui/resource.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { Time } from "/static/shared/ui/time.js";
import { toast } from "/static/shared/ui/toast.js";
import { count, when } from "/static/shared/ui/words.js";
import { del, get, may, post, put } from "../api.js";
import { TextArea } from "../area.js";
import { FirstAccount } from "../first-account.js";
import { Secret } from "../secret.js";
import { Page } from "../shell.js";

const lines = (text) => text.split(/[\s,]+/).filter(Boolean);
const madeAt = (id) => new Date(parseInt(id.slice(0, 11), 16)).toISOString(); // ids begin with their moment

export default function KeysPage() {
  const keys = useResource((signal) => get("/keys", { signal }), []);
  const accounts = useResource((signal) => get("/accounts", { signal }), []);
  const [open, setOpen] = useState(null); // {kind: "new" | "addresses" | "shown", ...}
  const close = () => setOpen(null);
  const isAllowed = may("developer");
  const rows = keys.data?.keys;
  const has = accounts.data?.accounts ?? [];
  const error = keys.error ?? accounts.error;

  const make = async ({ account, name, addresses }) => {
    const made = await post("/keys", { account, name, addresses: lines(addresses) });
    keys.reload();
    setOpen({ kind: "shown", ...made });
  };
  const bind = async ({ key, addresses }) => {
    await put(`/keys/${key.id}`, { addresses: lines(addresses) });
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
    <section class="card" aria-label="Keys">${!rows || !accounts.data ? !error && html`<${Bones} rows=${4} />`
      : has.length === 0 ? html`<${FirstAccount} />` : rows.length
      ? html`<${Table} rows=${rows} hasAccounts=${has.length > 1} ...${{ isAllowed, setOpen }} reload=${keys.reload} />`
      : html`<${Empty} title="No key yet"><p>Without a key nobody can send. Make one for each program that will, so
        that you can tell them apart and stop one alone.</p><//>`}</section>
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

function Table({ rows, hasAccounts, isAllowed, setOpen, reload }) {
  const run = async (doing, said) => {
    try {
      await doing();
      toast(said);
    } catch (error) {
      toast(error.message);
    }
    reload();
  };
  const turn = (key) => run(() => put(`/keys/${key.id}`, { is_enabled: !key.is_enabled }), key.is_enabled
    ? `${key.name} is disabled: its calls are refused from now on.` : `${key.name} works again.`);
  const drop = async (key) => {
    const isSure = await ask({ title: `Delete the key ${key.name}?`,
      body: html`<p>Calls with the key that ends in <span class="mono">${key.last_six}
      </span> are refused from now on. It cannot be brought back; disabling can be undone.</p>`, yes: "Delete the key",
      isDangerous: true });
    if (isSure) await run(() => del(`/keys/${key.id}`), `${key.name} is deleted.`);
  };
  return html`<table class="table stacked"><thead><tr><th scope="col">Name</th><th scope="col">Key</th>
    ${hasAccounts && html`<th scope="col" class="wide">Account</th>`}<th scope="col" class="wide">From</th>
    <th scope="col" class="wide">Made</th><th scope="col">State</th>
    ${isAllowed && html`<th scope="col"><span class="unseen">Actions</span></th>`}</tr></thead>
    <tbody>${rows.map((key) => html`<tr key=${key.id}><td class="strong break">${key.name}</td>
      <td class="mono nowrap">…${key.last_six}</td>${hasAccounts && html`<td class="wide">${key.account}</td>`}
      <td class="wide">
        ${key.addresses.length
        ? html`<span title=${key.addresses.join("\n")}>${count(key.addresses.length, "address", "addresses")}</span>`
        : html`<span class="muted">anywhere</span>`}</td>
      <td class="wide small muted nowrap"><${Time} at=${madeAt(key.id)} as=${when} /></td>
      <td>${key.is_enabled ? html`<span class="badge good"><${Icon} name="check" size=${12} />Enabled</span>`
        : html`<span class="badge"><${Icon} name="pause" size=${12} />Disabled</span>`}</td>
      ${isAllowed && html`<td class="actions-cell">
        <button type="button" class="button little" onClick=${() => setOpen({ kind: "addresses", key })}
          aria-label="IPs of ${key.name}">IPs</button>
        <button type="button" class="button little" onClick=${() => turn(key)}
          aria-label="${key.is_enabled ? "Disable" : "Enable"} ${key.name}">${key.is_enabled ? "Disable" : "Enable"}
          </button>
        <button type="button" class="button little danger" onClick=${() => drop(key)}
          aria-label="Delete ${key.name}">Delete</button></td>`}</tr>`)}</tbody></table>`;
}
