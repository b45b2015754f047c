// The logins by which customers bind over SMPP. A password is shown once, when it is made.
import { CopyButton } from "/static/shared/ui/copy.js";
import { ask } from "/static/shared/ui/dialog.js";
import { TextField, Toggle } from "/static/shared/ui/fields.js";
import { FormDialog } from "/static/shared/ui/form/form.js";
import { Icon } from "/static/shared/ui/icons.js";
import { html, useMemo, useState } from "/static/shared/ui/preact.js";
import { toast } from "/static/shared/ui/toast.js";
import { count } from "/static/shared/ui/words.js";
import { del, may, named, post, put } from "../api.js";
import { TextArea } from "../area.js";
import { linesOf } from "../lines.js";
import { Secret } from "../secret.js";
import { NamedTable } from "./named-table.js";
import { menuColumn } from "/static/shared/ui/row-menu.js";
import { SUBACCOUNT, SubaccountField } from "./subaccount-field.js";
import { sure } from "./sure.js";

const NONE = "Nobody binds over SMPP. A login lets an SMPP client send as a subaccount and get its receipts.";
const NEW = { system_id: "", binds: "4", messages_per_s: "50", is_enabled: true, addresses: "" };

const State = ({ isOn }) => (isOn ? html`<span class="badge good"><${Icon} name="check" size=${12} />On</span>`
  : html`<span class="badge"><${Icon} name="pause" size=${12} />Off</span>`);

/** The columns of a table of logins, among these binds that are up. */
function columnsOf(binds) {
  const up = ({ system_id: id }) => binds.filter((bind) => bind.system_id === id).length;
  return [
    { key: "system_id", name: "system_id", width: 10, isFixed: true, value: (one) => one.system_id },
    SUBACCOUNT,
    { key: "binds", name: "Binds", isWide: true, value: up, cell: (one) => html`<span class="k-cut">
      ${up(one)} of ${count(one.binds, "bind")} up, ${one.messages_per_s}/s each</span>` },
    { key: "state", name: "State", width: 6, value: (one) => (one.is_enabled ? "on" : "off"),
      cell: (one) => html`<${State} isOn=${one.is_enabled} />` },
  ];
}

const drop = ({ system_id: id }) => sure({
  title: `Delete the login ${id}?`, body: "It opens no bind from now on.", done: `${id} is deleted.`,
  doing: () => del(`/numbers/logins/${encodeURIComponent(id)}`),
});

/** Resolves with the new password, undefined if none was made. */
async function renew({ system_id: id }) {
  const isSure = await ask({ title: `Make a new password for ${id}?`, yes: "Make a new password",
    body: html`<p>The old one opens no new bind. Binds that are up stay up.</p>` });
  if (!isSure) return undefined;
  try {
    return (await post(`/numbers/logins/${encodeURIComponent(id)}/password`)).password;
  } catch (problem) {
    toast(problem.message);
    return undefined;
  }
}

export function SmppLogins({ data, subaccounts, reload }) {
  const [open, setOpen] = useState(null);
  const close = () => setOpen(null);
  const isAllowed = may("developer");
  const show = (id, password) => { if (password) setOpen({ id, password }); };
  const save = async ({ system_id: id, subaccount, binds, messages_per_s: pace, is_enabled, addresses }) => {
    const { password } = await put(`/numbers/logins/${named(id)}`, { subaccount, binds: Number(binds),
      messages_per_s: Number(pace), is_enabled, addresses: linesOf(addresses) });
    reload();
    if (password) return show(id, password);
    close();
    toast(`The login ${id} is changed.`);
  };
  const change = (one) => setOpen({ isOld: true, values: { ...one, binds: String(one.binds),
    messages_per_s: String(one.messages_per_s), addresses: one.addresses.join("\n") } });
  const menu = menuColumn((one) => one.system_id, (one) => [
    { name: "Change", icon: "edit", run: () => change(one) },
    { name: "New password", icon: "key", run: async () => show(one.system_id, await renew(one)) }, null,
    { name: "Delete", icon: "trash", isDangerous: true, run: () => drop(one).then(reload) },
  ]);
  const columns = useMemo(() => [...columnsOf(data.binds), ...(isAllowed ? [menu] : [])], [isAllowed, data, reload]);
  const add = () => setOpen({ values: { ...NEW, subaccount: subaccounts[0] } });
  return html`<${NamedTable} name="SMPP logins" rows=${data.logins} none=${NONE} ...${{ columns }}
      idOf=${(one) => one.system_id} add=${isAllowed && subaccounts.length && ["New login", add]} />
    ${open?.values && html`<${FormDialog} title=${open.isOld ? `Change ${open.values.system_id}` : "New SMPP login"}
      onClose=${close} first=${open.values} save=${save} draw=${(values, set, errors) => html`
      <${Fields} isOld=${open.isOld} ...${{ values, set, errors, subaccounts }} />`} />`}
    ${open?.password && html`<${Secret} title="Password of ${open.id}" onClose=${close}
      secret=${html`<output>${open.password}</output><div>
      <${CopyButton} text=${open.password} label="Copy the password" /></div>`} />`}`;
}

const Fields = ({ isOld, values, set, errors, subaccounts }) => html`
  ${!isOld && html`<${TextField} label="system_id" class="mono" maxlength="15" value=${values.system_id}
    hint="At most 15 letters, digits, dots and dashes." error=${errors.system_id}
    onValue=${(system_id) => set({ system_id })} />`}
  <${SubaccountField} ...${{ subaccounts, values, set, errors }} />
  <div class="two"><${TextField} label="Binds at once" inputmode="numeric" value=${values.binds}
    error=${errors.binds && "1 to 50."} onValue=${(binds) => set({ binds })} />
    <${TextField} label="Messages a second and bind" inputmode="numeric" value=${values.messages_per_s}
      error=${errors.messages_per_s && "1 to 10,000."} onValue=${(messages_per_s) => set({ messages_per_s })} /></div>
  <${TextArea} label="IP addresses" optional=${true} hint="One a line. Empty lets it bind from anywhere."
    value=${values.addresses} error=${errors.addresses} onValue=${(addresses) => set({ addresses })} />
  <${Toggle} label="On" checked=${values.is_enabled} onValue=${(is_enabled) => set({ is_enabled })} />`;
