// Webhooks: where receipts go, of one subaccount or of all that have none of their own, and what waits to be taken.
import { html, useState } from "/static/shared/ui/preact.js";
import { CopyButton } from "/static/shared/ui/copy.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Choice, SelectField, TextField, Toggle } from "/static/shared/ui/fields.js";
import { FormDialog } from "/static/shared/ui/form/form.js";
import { Icon } from "/static/shared/ui/icons.js";
import { MASK } from "/static/shared/ui/pairs.js";
import { here } from "/static/shared/ui/router.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { count } from "/static/shared/ui/words.js";
import { del, may, post, put } from "../api.js";
import { useData } from "../data.js";
import { FirstAccount } from "../first-account.js";
import { Secret } from "../secret.js";
import { Page } from "../shell.js";
import { WebhookLog } from "./webhook-log.js";

const TOPICS = ["webhooks", "messages"]; // receivers answer as messages move
const scopeName = (subaccount) => (subaccount === "*" ? "All subaccounts" : subaccount);

export default function WebhooksPage() {
  const hooks = useData("/webhooks", TOPICS);
  const accounts = useData("/accounts", ["accounts", "subaccounts"]);
  const [open, setOpen] = useState(null);
  const close = () => setOpen(null);
  const isAllowed = may("developer");
  const error = hooks.error ?? accounts.error;
  const has = accounts.data?.accounts ?? [];
  const first = { account: has[0]?.id, subaccount: "*", url: "", is_enabled: true, way: "none", authorization: "",
    oauth: { url: "", client_id: "", client_secret: "", credentials_location: "header", scope: "" } };

  const save = async ({ account, subaccount, url, is_enabled, way, authorization, oauth }) => {
    await put("/webhooks", { account, subaccount, url, is_enabled, authorization: way === "fixed" ? authorization
      : null, oauth: way === "oauth" ? oauth : null });
    hooks.reload();
    close();
    toast(`The webhook of ${scopeName(subaccount)} is saved.`);
  };
  const sign = async (hook) => {
    if (hook.is_signed
      && !(await ask({ title: "Make a new signing key?",
      body: html`<p>The old key ends at once: receivers that check signatures refuse receipts until they have the new
      one.</p>`, yes: "Make a new key" }))) return;
    try {
      const { signing_key: key } = await post("/webhooks/signing-key",
        { account: hook.account, subaccount: hook.subaccount });
      setOpen({ kind: "key", key });
    } catch (problem) {
      toast(problem.message);
    }
    hooks.reload();
  };
  const drop = async (hook) => {
    const isSure = await ask({ title: `Delete the webhook of ${scopeName(hook.subaccount)}?`,
      body: html`<p>Receipts no longer go to <span class="break">${hook.url}</span>
      ${hook.subaccount === "*" ? "" : ", but to the webhook of all subaccounts if there is one"}. What waits already
      is still posted.</p>`, yes: "Delete the webhook", isDangerous: true });
    if (!isSure) return;
    await del("/webhooks", { account: hook.account, subaccount: hook.subaccount })
      .then(() => toast("The webhook is deleted."), (problem) => toast(problem.message));
    hooks.reload();
  };
  const edit = (hook) =>
    setOpen({ kind: "hook", isOld: true, values: { ...first, ...hook, way: hook.oauth ? "oauth" : hook.authorization
    ? "fixed" : "none", authorization: hook.authorization ?? "", oauth: hook.oauth
    ? { ...hook.oauth, scope: hook.oauth.scope ?? "" } : first.oauth } });
  const turn = async (hook) => {
    const { account, subaccount, url, authorization, oauth } = hook;
    await put("/webhooks", { account, subaccount, url, authorization, oauth, is_enabled: !hook.is_enabled })
      .then(() => toast(hook.is_enabled ? "Switched off: new receipts are not posted." : "Switched on."),
      (problem) => toast(problem.message));
    hooks.reload();
  };

  return html`<${Page} title="Webhooks"
    lead="Every change of a message's status is posted to its subaccount's webhook, else to that of all subaccounts."
    actions=${isAllowed && has.length > 0
      && html`<button type="button" class="button primary" onClick=${() => setOpen({ kind: "hook", values: first })}>
      <${Icon} name="plus" size=${14} />New webhook</button>`}>
    ${error && html`<${Failure} error=${error} retry=${() => { hooks.reload(); accounts.reload(); }} />`}
    <section class="card" aria-label="Webhooks">
      ${!hooks.data || !accounts.data ? !error && html`<${Bones} rows=${3} />` : has.length === 0
      ? html`<${FirstAccount} />` : hooks.data.webhooks.length
      ? html`<ul>${hooks.data.webhooks.map((hook) =>
      html`<${Hook} key=${hook.account + hook.subaccount} ...${{ hook, isAllowed, edit, turn, sign, drop }}
      hasAccounts=${has.length > 1} />`)}</ul>`
      : html`<${Empty} title="No webhook yet"><p>Without one nobody is told what became of messages, unless a message
        brings its own dlrCallbackUrl.</p><//>`}</section>
    ${hooks.data?.waiting.length > 0 && html`<section class="card"><div class="head"><h2>Waiting to be taken</h2></div>
      <ul class="rows">
      ${hooks.data.waiting.map((lane) => html`<li key=${lane.subaccount + lane.origin}><span class="plain">
      <span class="cut"><span class="strong">${lane.origin}</span> <span class="muted small">${lane.subaccount}</span>
        </span><span class="small muted number nowrap">receipts of ${count(lane.count, "message")}</span></span></li>`)}
        </ul></section>`}
    <${WebhookLog} umid=${here.value.query.umid ?? ""} />
    ${open?.kind === "hook"
      && html`<${FormDialog} title=${open.isOld ? `Webhook of ${scopeName(open.values.subaccount)}` : "New webhook"}
      onClose=${close} save=${save} first=${open.values}
      draw=${(values, set, errors) =>
        html`<${HookFields} ...${{ values, set, errors }} isOld=${open.isOld} accounts=${accounts.data} />`} />`}
    ${open?.kind === "key"
      && html`<${Secret} title="Signing key" onClose=${close}
      secret=${html`<output>${open.key}</output><div><${CopyButton} text=${open.key} label="Copy the key" /></div>`}>
      <p class="small">Each post carries <span class="mono">X-Tellwire-Signature: t=…,v1=…</span>, where v1 is the
        HMAC-SHA-256 of <span class="mono">t.body</span> under this key, in hexadecimal.</p><//>`}<//>`;
}

const Hook = ({ hook, isAllowed, hasAccounts, edit, turn, sign, drop }) => html`<li class="hook">
  <div class="row"><span class="strong break">${scopeName(hook.subaccount)}</span>
    ${hasAccounts && html`<span class="muted small">of ${hook.account}</span>`}
    ${hook.is_enabled ? html`<span class="badge good"><${Icon} name="check" size=${12} />On</span>`
      : html`<span class="badge"><${Icon} name="pause" size=${12} />Off</span>`}
    ${hook.authorization && html`<span class="badge">Authorization</span>`}
      ${hook.oauth && html`<span class="badge">OAuth 2</span>`}
      ${hook.is_signed && html`<span class="badge">Signed</span>`}</div>
  <p class="mono small break">${hook.url}</p>
  ${isAllowed && html`<div class="row tight">
    <button type="button" class="button little" aria-label="Change the webhook of ${scopeName(hook.subaccount)}"
      onClick=${() => edit(hook)}>Change</button>
    <button type="button" class="button little"
      aria-label="Switch ${hook.is_enabled ? "off" : "on"} the webhook of ${scopeName(hook.subaccount)}"
      onClick=${() => turn(hook)}>Switch ${hook.is_enabled ? "off" : "on"}</button>
    <button type="button" class="button little"
      aria-label="${hook.is_signed ? "New signing key" : "Sign posts"} of ${scopeName(hook.subaccount)}"
      onClick=${() => sign(hook)}>${hook.is_signed ? "New signing key" : "Sign posts"}</button>
    <button type="button" class="button little danger" aria-label="Delete the webhook of ${scopeName(hook.subaccount)}"
      onClick=${() => drop(hook)}>Delete</button></div>`}</li>`;

const Stored = ({ value, onValue, ...rest }) =>
  html`<${TextField} type="password" autocomplete="off" ...${rest} value=${value === MASK ? "" : value}
  placeholder=${value === MASK ? "Stored. Type to replace it" : undefined} onValue=${onValue} />`;

function HookFields({ values, set, errors, isOld, accounts }) {
  const oauth = (change) => set({ oauth: { ...values.oauth, ...change } });
  const own = accounts.subaccounts.filter((one) => one.account === values.account);
  return html`
    ${!isOld && accounts.accounts.length > 1
      && html`<${SelectField} label="Account" value=${values.account} error=${errors.account}
      options=${accounts.accounts.map(({ id, name }) => [id, name])}
      onValue=${(account) => set({ account, subaccount: "*" })} />`}
    ${!isOld && html`<${SelectField} label="Receipts of" hint="A subaccount's own webhook goes before the one of all."
      value=${values.subaccount} error=${errors.subaccount}
      options=${[["*", "All subaccounts (*)"], ...own.map(({ id }) => [id, id])]}
      onValue=${(subaccount) => set({ subaccount })} />`}
    <${TextField} label="URL" type="url" class="mono" placeholder="https://example.com/receipts"
      hint="Private and loopback addresses are refused unless the settings allow them." value=${values.url}
      error=${errors.url} onValue=${(url) => set({ url })} />
    <${Choice} label="Authentication" value=${values.way} onValue=${(way) => set({ way })}
      options=${[["none", "None"], ["fixed", "Authorization"], ["oauth", "OAuth 2.0"]]} />
    ${values.way === "fixed"
      && html`<${Stored} label="Authorization header" hint="The whole value, such as Bearer abc or Basic dXNlcjpwdw=="
      value=${values.authorization} error=${errors.authorization}
      onValue=${(authorization) => set({ authorization })} />`}
    ${values.way === "oauth" && html`
      <${TextField} label="Token URL" type="url" class="mono" value=${values.oauth.url} error=${errors["oauth.url"]}
        onValue=${(url) => oauth({ url })} />
      <div class="two">
        <${TextField} label="Client id" value=${values.oauth.client_id} error=${errors["oauth.client_id"]}
        onValue=${(client_id) => oauth({ client_id })} />
        <${Stored} label="Client secret" value=${values.oauth.client_secret} error=${errors["oauth.client_secret"]}
          onValue=${(client_secret) => oauth({ client_secret })} /></div>
      <${Choice} label="Credentials go in" value=${values.oauth.credentials_location}
        onValue=${(credentials_location) => oauth({ credentials_location })}
        options=${[["header", "Header (Basic)"], ["body", "Body (form)"]]} />
      <${TextField} label="Scope" optional=${true} value=${values.oauth.scope} error=${errors["oauth.scope"]}
        onValue=${(scope) => oauth({ scope })} />`}
    <${Toggle} label="On" hint="While it is off, new receipts are not posted anywhere." checked=${values.is_enabled}
      onValue=${(is_enabled) => set({ is_enabled })} />`;
}
