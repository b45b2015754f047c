// The numbers that handsets can write to, and whose they are.
import { TextField } from "/static/shared/ui/fields.js";
import { FormDialog } from "/static/shared/ui/form/form.js";
import { html, useMemo, useState } from "/static/shared/ui/preact.js";
import { toast } from "/static/shared/ui/toast.js";
import { del, may, put } from "../api.js";
import { NamedTable } from "./named-table.js";
import { menuColumn } from "/static/shared/ui/row-menu.js";
import { SUBACCOUNT, SubaccountField } from "./subaccount-field.js";
import { sure } from "./sure.js";

const NONE = "Handsets have no number to write to. Texts to a virtual number go to its subaccount's webhook.";
const SHORT_CODE = 7; // digits at most; longer ones are international

const written = ({ number }) => (number.length > SHORT_CODE ? `+${number}` : number);
const COLUMNS = [{ key: "number", name: "Number", isFixed: true, value: written }, SUBACCOUNT];

const drop = ({ number, subaccount }) => sure({
  title: `Take ${number} away?`, body: `Texts to it no longer reach ${subaccount}.`, done: `${number} is taken away.`,
  doing: () => del("/numbers/virtual", { number }),
});

export function VirtualNumbers({ data, subaccounts, reload }) {
  const [open, setOpen] = useState(null);
  const isAllowed = may("owner");
  const save = async ({ subaccount, number }) => {
    await put("/numbers/virtual", { subaccount, number });
    reload();
    setOpen(null);
    toast(`Texts to ${number} belong to ${subaccount} now.`);
  };
  const columns = useMemo(() => (isAllowed ? [...COLUMNS, menuColumn(written, (one) => [
    { name: "Delete", icon: "trash", isDangerous: true, run: () => drop(one).then(reload) },
  ])] : COLUMNS), [isAllowed, reload]);
  const add = () => setOpen({ subaccount: subaccounts[0], number: "" });
  return html`<${NamedTable} name="Virtual numbers" rows=${data.numbers} none=${NONE} ...${{ columns }}
      idOf=${(one) => one.number} add=${isAllowed && subaccounts.length && ["New number", add]} />
    ${open && html`<${FormDialog} title="Give a number to a subaccount" onClose=${() => setOpen(null)} first=${open}
      save=${save} draw=${(values, set, errors) => html`
      <${TextField} label="Number" inputmode="tel" hint="With its country code, or a short code of 3 to 7 digits."
        value=${values.number} error=${errors.number} onValue=${(number) => set({ number })} />
      <${SubaccountField} ...${{ subaccounts, values, set, errors }} />`} />`}`;
}
