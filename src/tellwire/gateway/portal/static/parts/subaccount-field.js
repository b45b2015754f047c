// Which subaccount something belongs to.
import { SelectField } from "/static/shared/ui/fields.js";
import { html } from "/static/shared/ui/preact.js";

export const SubaccountField = ({ subaccounts, values, set, errors }) => html`<${SelectField} label="Subaccount"
  value=${values.subaccount} error=${errors.subaccount} options=${subaccounts.map((id) => [id, id])}
  onValue=${(subaccount) => set({ subaccount })} />`;

/** The column of a table that names it. */
export const SUBACCOUNT = { key: "subaccount", name: "Subaccount", width: 11, value: (row) => row.subaccount,
  cell: (row) => html`<span class="k-cut" title=${row.subaccount}>${row.subaccount}</span>` };
