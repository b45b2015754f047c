// The sender IDs that subaccounts may send from, and towards where.
import { TextField } from "/static/shared/ui/fields.js";
import { FormDialog } from "/static/shared/ui/form/form.js";
import { html, useMemo, useState } from "/static/shared/ui/preact.js";
import { toast } from "/static/shared/ui/toast.js";
import { del, may, put } from "../api.js";
import { TextArea } from "../area.js";
import { linesOf } from "../lines.js";
import { NamedTable } from "./named-table.js";
import { menuColumn } from "/static/shared/ui/row-menu.js";
import { SUBACCOUNT, SubaccountField } from "./subaccount-field.js";
import { sure } from "./sure.js";

const NONE = "Every subaccount may send from anything. With its first sender ID it may use no others.";

const towards = ({ prefixes }) => prefixes.map((prefix) => `+${prefix}`).join(", ");
const COLUMNS = [
  { key: "source", name: "Sender ID", width: 10, isFixed: true, value: (one) => one.source },
  SUBACCOUNT,
  { key: "towards", name: "Towards", value: towards, cell: (one) => (towards(one)
    ? html`<span class="k-cut" title=${towards(one)}>${towards(one)}</span>`
    : html`<span class="muted">everywhere</span>`) },
];

const drop = ({ subaccount, source }) => sure({
  title: `Delete the sender ID ${source}?`, done: `${source} is deleted.`,
  body: `${subaccount} can no longer send from it. When it was the last one, any sender ID is allowed again.`,
  doing: () => del("/numbers/senders", { subaccount, source }),
});

export function SenderIds({ data, subaccounts, reload }) {
  const [open, setOpen] = useState(null);
  const isAllowed = may("developer");
  const save = async ({ subaccount, source, prefixes }) => {
    await put("/numbers/senders", { subaccount, source, prefixes: linesOf(prefixes) });
    reload();
    setOpen(null);
    toast(`${source} is registered.`);
  };
  const change = (one) => setOpen({ isOld: true, values: { ...one, prefixes: one.prefixes.join("\n") } });
  const add = () => setOpen({ values: { subaccount: subaccounts[0], source: "", prefixes: "" } });
  const columns = useMemo(() => (isAllowed ? [...COLUMNS, menuColumn((one) => one.source, (one) => [
    { name: "Change", icon: "edit", run: () => change(one) }, null,
    { name: "Delete", icon: "trash", isDangerous: true, run: () => drop(one).then(reload) },
  ])] : COLUMNS), [isAllowed, reload]);
  return html`<${NamedTable} name="Sender IDs" rows=${data.senders} none=${NONE} ...${{ columns }}
      idOf=${(one) => `${one.subaccount} ${one.source}`}
      add=${isAllowed && subaccounts.length && ["New sender ID", add]} />
    ${open && html`<${FormDialog} title=${open.isOld ? `Change ${open.values.source}` : "Register a sender ID"}
      onClose=${() => setOpen(null)} first=${open.values} save=${save} draw=${(values, set, errors) => html`
      ${!open.isOld && html`<${TextField} label="Sender ID" value=${values.source} error=${errors.source}
        hint="At most 11 letters, digits and spaces, or a number." onValue=${(source) => set({ source })} />
        <${SubaccountField} ...${{ subaccounts, values, set, errors }} />`}
      <${TextArea} label="Prefixes it may send to" optional=${true} hint="One a line, such as 65. Empty is everywhere."
        value=${values.prefixes} error=${errors.prefixes} onValue=${(prefixes) => set({ prefixes })} />`} />`}`;
}
