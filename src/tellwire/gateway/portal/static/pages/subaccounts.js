// Accounts with their balance, and their subaccounts: the sending units that stand in the API's addresses.
import { html, useMemo, useState } from "/static/shared/ui/preact.js";
import { CopyButton } from "/static/shared/ui/copy.js";
import { SelectField, TextField, Toggle } from "/static/shared/ui/fields.js";
import { FormDialog } from "/static/shared/ui/form/form.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { Table } from "/static/shared/ui/table/table.js";
import { toast } from "/static/shared/ui/toast.js";
import { may, named, post, put } from "../api.js";
import { useData } from "../data.js";
import { menuColumn } from "/static/shared/ui/row-menu.js";
import { Page } from "../shell.js";

const SENDER_HINT = "Shown when a message names no sender: at most 11 letters, digits and spaces, or a number.";
const LINKS_HINT = "Links in texts become short ones before parts are counted, and the webhook hears of clicks.";

export default function SubaccountsPage() {
  const { data, error, reload } = useData("/accounts", ["accounts", "subaccounts", "messages"]);
  const [open, setOpen] = useState(null);
  const close = () => setOpen(null);
  const isOwner = may("owner");
  const done = (said) => { reload(); close(); toast(said); };
  const saveSub = async ({ id, account, default_source, takes_once, shortens_links }) => {
    await put(`/subaccounts/${named(id)}`, { account, default_source, takes_once, shortens_links });
    done(`The subaccount ${id} is saved.`);
  };
  const saveAccount = async ({ id, name, is_prepaid, currency }) => {
    await put(`/accounts/${named(id)}`, { name, is_prepaid, currency });
    done(`The account ${name} is saved.`);
  };
  const topUp = async ({ account, amount }) => {
    const changed = await post(`/accounts/${encodeURIComponent(account.id)}/balance`, { amount });
    done(`${account.name} has ${changed.balance} ${changed.currency} now.`);
  };

  return html`<${Page} title="Subaccounts"
    lead="A subaccount is a sending unit of an account; its name stands in the address that programs post to."
    actions=${isOwner && html`<button type="button" class="button" onClick=${() => setOpen({ kind: "account" })}>
      <${Icon} name="plus" size=${14} />New account</button>
      ${data?.accounts.length > 0
        && html`<button type="button" class="button primary" onClick=${() => setOpen({ kind: "sub" })}>
        <${Icon} name="plus" size=${14} />New subaccount</button>`}`}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${!data ? !error && html`<div class="card"><${Bones} rows=${4} /></div>` : data.accounts.length === 0
      ? html`<div class="card"><${Empty} title="No account yet">
      <p>An account is a customer of the gateway: it has keys, a balance and subaccounts.</p><//></div>`
    : data.accounts.map((account) =>
      html`<${AccountCard} key=${account.id} account=${account}
      subaccounts=${data.subaccounts.filter((one) => one.account === account.id)} ...${{ isOwner, setOpen }} />`)}
    ${open?.kind === "sub"
      && html`<${FormDialog} title=${open.sub ? `Change ${open.sub.id}` : "New subaccount"} onClose=${close}
      save=${saveSub}
      first=${open.sub ?? { id: "", account: data.accounts[0].id, default_source: "", takes_once: false,
        shortens_links: false }} draw=${(values, set, errors) => html`
        ${!open.sub && html`
          <${TextField} label="Name" class="mono"
          hint="Letters, digits, dashes and underscores. It cannot be changed later." value=${values.id}
          error=${errors.id} onValue=${(id) => set({ id })} />`}
        ${!open.sub && data.accounts.length > 1
          && html`<${SelectField} label="Account" value=${values.account} error=${errors.account}
          options=${data.accounts.map(({ id, name }) => [id, name])} onValue=${(account) => set({ account })} />`}
        <${TextField} label="Default sender ID" hint=${SENDER_HINT} value=${values.default_source}
          error=${errors.default_source} onValue=${(default_source) => set({ default_source })} />
        <${Toggle} label="Take a client id once"
          hint="A client id that comes again within a day is the same message, and is not sent again."
          checked=${values.takes_once} onValue=${(takes_once) => set({ takes_once })} />
        <${Toggle} label="Shorten links"
          hint=${LINKS_HINT} checked=${values.shortens_links}
          onValue=${(shortens_links) => set({ shortens_links })} />`} />`}
    ${open?.kind === "account"
      && html`<${FormDialog} title=${open.account ? `Change ${open.account.name}` : "New account"} onClose=${close}
      save=${saveAccount}
      first=${open.account ?? { id: "", name: "", is_prepaid: false, currency: "EUR" }}
        draw=${(values, set, errors) => html`
        ${!open.account
          && html`<${TextField} label="Id" class="mono"
          hint="Letters, digits, dashes and underscores. It cannot be changed later." value=${values.id}
          error=${errors.id} onValue=${(id) => set({ id })} />`}
        <${TextField} label="Name" value=${values.name} error=${errors.name} onValue=${(name) => set({ name })} />
        <${TextField} label="Currency" hint="Three capitals, such as EUR." maxlength="3" value=${values.currency}
          error=${errors.currency} onValue=${(currency) => set({ currency: currency.toUpperCase() })} />
        <${Toggle} label="Pays in advance" hint="Messages are refused when the balance does not cover them."
          checked=${values.is_prepaid} onValue=${(is_prepaid) => set({ is_prepaid })} />`} />`}
    ${open?.kind === "balance"
      && html`<${FormDialog} title="Top up ${open.account.name}" verb="Top up" onClose=${close} save=${topUp}
      first=${{ account: open.account, amount: "" }} draw=${(values, set, errors) => html`
        <p>The balance is <span class="strong number">${open.account.balance} ${open.account.currency}</span>.</p>
        <${TextField} label="Amount in ${open.account.currency}" inputmode="decimal" hint="A minus takes away."
          value=${values.amount} error=${errors.amount} onValue=${(amount) => set({ amount })} />`} />`}<//>`;
}

const addressOf = (sub) => `${location.origin}/api/v1/subaccounts/${sub.id}/messages`;
const COLUMNS = [
  { key: "id", name: "Subaccount", width: 11, isFixed: true, value: (sub) => sub.id },
  { key: "sender", name: "Default sender", width: 9, value: (sub) => sub.default_source },
  { key: "address", name: "Address to post to", isWide: true, isUnsortable: true, value: addressOf,
    cell: (sub) => html`<${Address} name=${sub.id} url=${addressOf(sub)} />` },
];

function AccountCard({ account, subaccounts, isOwner, setOpen }) {
  const columns = useMemo(() => (isOwner ? [...COLUMNS, menuColumn((sub) => sub.id, (sub) => [
    { name: "Change", icon: "edit", run: () => setOpen({ kind: "sub", sub }) },
  ])] : COLUMNS), [isOwner]);
  return html`<${Table} name="Account ${account.name}" rows=${subaccounts} height="none" hasTools=${false}
    ...${{ columns }} empty=${html`<${Empty} title="No subaccount yet"><p>Programs post to a subaccount. Make one for
      each brand or use, so that logs and webhooks can be told apart.</p><//>`}
    tools=${html`<h2>${account.name}</h2><span class="badge">${account.is_prepaid ? "Prepaid" : "Pays later"}</span>
      <div class="row push">
        ${account.is_prepaid && html`<span class="strong number">${account.balance} ${account.currency}</span>`}
        ${isOwner && account.is_prepaid && html`<button type="button" class="button little"
          onClick=${() => setOpen({ kind: "balance", account })}>Top up</button>`}
        ${isOwner && html`<button type="button" class="button little" aria-label="Change the account ${account.name}"
          onClick=${() => setOpen({ kind: "account", account })}>Change</button>`}</div>`} />`;
}

const Address = ({ name, url }) => html`<span class="k-row k-tight"><span class="mono small k-cut" title=${url}>${url}
  </span><${CopyButton} text=${url} what="the address of ${name}" /></span>`;
