// What subaccounts own on the network: sender IDs, virtual numbers, SMPP logins.
import { html, useState } from "/static/shared/ui/preact.js";
import { CopyButton } from "/static/shared/ui/copy.js";
import { ask } from "/static/shared/ui/dialog.js";
import { SelectField, TextField, Toggle } from "/static/shared/ui/fields.js";
import { FormDialog } from "/static/shared/ui/form/form.js";
import { Icon } from "/static/shared/ui/icons.js";
import { useResource } from "/static/shared/ui/resource.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { count } from "/static/shared/ui/words.js";
import { del, get, may, named, post, put } from "../api.js";
import { TextArea } from "../area.js";
import { FirstAccount } from "../first-account.js";
import { Secret } from "../secret.js";
import { Page } from "../shell.js";

const lines = (text) => text.split(/[\s,]+/).filter(Boolean);

const NO_SENDERS = "Every subaccount may send from anything. With its first sender ID it may use no others.";

export default function SendersPage() {
  const numbers = useResource((signal) => get("/numbers", { signal }), []);
  const accounts = useResource((signal) => get("/accounts", { signal }), []);
  const [open, setOpen] = useState(null);
  const close = () => setOpen(null);
  const error = numbers.error ?? accounts.error;
  const subaccounts = accounts.data?.subaccounts ?? [];
  const first = subaccounts[0]?.id ?? "";
  const done = (said) => { numbers.reload(); close(); toast(said); };
  const quietly = async (doing, said) => {
    await doing().then(() => toast(said), (problem) => toast(problem.message));
    numbers.reload();
  };
  const sure = async (title, body, doing, said) => {
    if (await ask({ title, body: html`<p>${body}</p>`, yes: "Delete", isDangerous: true })) await quietly(doing, said);
  };

  const saveSender = async ({ subaccount, source, prefixes }) => {
    await put("/numbers/senders", { subaccount, source, prefixes: prefixes.split(/[\s,]+/).filter(Boolean) });
    done(`${source} is registered.`);
  };
  const saveNumber = async ({ subaccount, number }) => {
    await put("/numbers/virtual", { subaccount, number });
    done(`Texts to ${number} belong to ${subaccount} now.`);
  };
  const saveLogin = async ({ system_id, subaccount, binds, messages_per_s, is_enabled, addresses }) => {
    const { password } = await put(`/numbers/logins/${named(system_id)}`,
      { subaccount, binds: Number(binds), messages_per_s: Number(messages_per_s), is_enabled,
      addresses: lines(addresses) });
    numbers.reload();
    if (password) setOpen({ kind: "password", system_id, password });
    else done(`The login ${system_id} is changed.`);
  };
  const renew = async ({ system_id }) => {
    if (!(await ask({ title: `Make a new password for ${system_id}?`,
      body: html`<p>The old one opens no new bind. Binds that are up stay up.</p>`,
      yes: "Make a new password" }))) return;
    await post(`/numbers/logins/${encodeURIComponent(system_id)}/password`)
      .then(({ password }) => setOpen({ kind: "password", system_id, password }), (problem) => toast(problem.message));
  };
  const Sub = ({ values, set, errors }) =>
    html`<${SelectField} label="Subaccount" value=${values.subaccount} error=${errors.subaccount}
    options=${subaccounts.map(({ id }) => [id, id])} onValue=${(subaccount) => set({ subaccount })} />`;

  const data = numbers.data;
  const up = ({ system_id }) => data.binds.filter((bind) => bind.system_id === system_id).length;
  return html`<${Page} title="Senders and numbers"
    lead="What subaccounts send from, what handsets can reply to, and who may bind over SMPP.">
    ${error && html`<${Failure} error=${error} retry=${() => { numbers.reload(); accounts.reload(); }} />`}
    ${!data ? !error && html`<div class="card"><${Bones} rows=${6} /></div>` : accounts.data && !first
      ? html`<div class="card"><${FirstAccount} /></div>` : html`
    <${Section} title="Sender IDs" rows=${data.senders}
      none=${NO_SENDERS} heads=${["Sender ID", "Subaccount", "Towards"]}
      add=${may("developer") && first
        && ["Sender ID", () => setOpen({ kind: "sender", values: { subaccount: first, source: "", prefixes: "" } })]}
      draw=${(one) => [html`<span class="strong">${one.source}</span>`, one.subaccount, one.prefixes.length
        ? one.prefixes.map((prefix) => `+${prefix}`).join(", ") : html`<span class="muted">everywhere</span>`]}
      actions=${may("developer")
        && ((one) =>
        [["Change", () =>
        setOpen({ kind: "sender", isOld: true, values: { ...one, prefixes: one.prefixes.join("\n") } })],
        ["Delete", () => sure(`Delete the sender ID ${one.source}?`,
          `${one.subaccount} can no longer send from it. When it was the last one, any sender ID is allowed again.`,
          () => del("/numbers/senders", { subaccount: one.subaccount, source: one.source }),
          `${one.source} is deleted.`)]])} name=${(one) => one.source} />
    <${Section} title="Virtual numbers" rows=${data.numbers}
      none="Handsets have no number to write to. Texts to a virtual number go to its subaccount's webhook."
      heads=${["Number", "Subaccount"]}
      add=${may("owner") && first
        && ["Number", () => setOpen({ kind: "number", values: { subaccount: first, number: "" } })]}
      draw=${(one) => [html`<span class="strong number">${one.number.length > 7 ? "+" : ""}${one.number}</span>`,
        one.subaccount]}
      actions=${may("owner")
        && ((one) =>
        [["Delete", () => sure(`Take ${one.number} away?`, `Texts to it no longer reach ${one.subaccount}.`,
        () => del("/numbers/virtual", { number: one.number }), `${one.number} is taken away.`)]])}
        name=${(one) => one.number} />
    <${Section} title="SMPP logins" rows=${data.logins}
      none="Nobody binds over SMPP. A login lets an SMPP client send as a subaccount and get its receipts."
      heads=${["system_id", "Subaccount", "Binds", "State"]}
      add=${may("developer") && first
        && ["Login",
        () => setOpen({ kind: "login", values: { system_id: "", subaccount: first, binds: "4", messages_per_s: "50",
        is_enabled: true, addresses: "" } })]}
      draw=${(one) => [html`<span class="strong mono">${one.system_id}</span>`, one.subaccount,
        html`<span class="number">${up(one)} of ${count(one.binds, "bind")} up, ${one.messages_per_s}/s each</span>`,
        one.is_enabled ? html`<span class="badge good"><${Icon} name="check" size=${12} />On</span>`
        : html`<span class="badge"><${Icon} name="pause" size=${12} />Off</span>`]}
      actions=${may("developer")
        && ((one) =>
        [["Change", () =>
        setOpen({ kind: "login", isOld: true,
        values: { ...one, binds: String(one.binds), messages_per_s: String(one.messages_per_s),
        addresses: one.addresses.join("\n") } })], ["New password", () => renew(one)],
        ["Delete", () => sure(`Delete the login ${one.system_id}?`, "It opens no bind from now on.",
          () => del(`/numbers/logins/${encodeURIComponent(one.system_id)}`), `${one.system_id} is deleted.`)]])}
          name=${(one) => one.system_id} />`}
    ${open?.kind === "sender"
      && html`<${FormDialog} title=${open.isOld ? `Change ${open.values.source}` : "Register a sender ID"}
      onClose=${close} first=${open.values} save=${saveSender} draw=${(values, set, errors) => html`
      ${!open.isOld
        && html`<${TextField} label="Sender ID" hint="At most 11 letters, digits and spaces, or a number."
        value=${values.source} error=${errors.source} onValue=${(source) => set({ source })} />
        <${Sub} ...${{ values, set, errors }} />`}
      <${TextArea} label="Prefixes it may send to" optional=${true} hint="One a line, such as 65. Empty is everywhere."
        value=${values.prefixes} error=${errors.prefixes} onValue=${(prefixes) => set({ prefixes })} />`} />`}
    ${open?.kind === "number"
      && html`<${FormDialog} title="Give a number to a subaccount" onClose=${close} first=${open.values}
      save=${saveNumber} draw=${(values, set, errors) => html`
      <${TextField} label="Number" inputmode="tel" hint="With its country code, or a short code of 3 to 7 digits."
        value=${values.number} error=${errors.number} onValue=${(number) => set({ number })} />
        <${Sub} ...${{ values, set, errors }} />`} />`}
    ${open?.kind === "login"
      && html`<${FormDialog} title=${open.isOld ? `Change ${open.values.system_id}` : "New SMPP login"}
      onClose=${close} first=${open.values} save=${saveLogin} draw=${(values, set, errors) => html`
      ${!open.isOld
        && html`<${TextField} label="system_id" class="mono" maxlength="15"
        hint="At most 15 letters, digits, dots and dashes." value=${values.system_id} error=${errors.system_id}
        onValue=${(system_id) => set({ system_id })} />`}
      <${Sub} ...${{ values, set, errors }} />
      <div class="two"><${TextField} label="Binds at once" inputmode="numeric" value=${values.binds}
        error=${errors.binds && "1 to 50."} onValue=${(binds) => set({ binds })} />
        <${TextField} label="Messages a second and bind" inputmode="numeric" value=${values.messages_per_s}
          error=${errors.messages_per_s && "1 to 10,000."} onValue=${(messages_per_s) => set({ messages_per_s })} />
          </div>
      <${TextArea} label="IP addresses" optional=${true} hint="One a line. Empty lets it bind from anywhere."
        value=${values.addresses} error=${errors.addresses} onValue=${(addresses) => set({ addresses })} />
      <${Toggle} label="On" checked=${values.is_enabled} onValue=${(is_enabled) => set({ is_enabled })} />`} />`}
    ${open?.kind === "password"
      && html`<${Secret} title="Password of ${open.system_id}" onClose=${close}
      secret=${html`<output>${open.password}</output><div>
      <${CopyButton} text=${open.password} label="Copy the password" /></div>`} />`}<//>`;
}

const Section = ({ title, rows, none, heads, add, draw, actions, name }) =>
  html`<section class="card" aria-label=${title}>
  <div class="head"><h2>${title}</h2>
    ${add && html`<button type="button" class="button little push" onClick=${add[1]}><${Icon} name="plus" size=${13} />
    ${add[0]}</button>`}</div>
  ${rows.length ? html`<table class="table stacked"><thead>
    <tr>${heads.map((head) => html`<th scope="col" key=${head}>${head}</th>`)}
    ${actions && html`<th scope="col"><span class="unseen">Actions</span></th>`}</tr></thead>
    <tbody>${rows.map((row) => html`<tr key=${name(row) + row.subaccount}>
      ${draw(row).map((cell, at) => html`<td key=${at}>${cell}</td>`)}
      ${actions && html`<td class="actions-cell">
        ${actions(row).map(([verb, run]) =>
        html`<button type="button" key=${verb} class="button little ${verb === "Delete" ? "danger" : ""}"
        aria-label="${verb} ${name(row)}" onClick=${run}>${verb}</button>`)}</td>`}</tr>`)}</tbody></table>`
  : html`<p class="empty small">${none}</p>`}</section>`;
