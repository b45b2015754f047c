// What one part costs an account, by the beginning of the number; the longest beginning that fits wins.
import { html, useState } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Choice, TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { useResource } from "/static/shared/ui/resource.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { del, get, may, put } from "../api.js";
import { FormDialog } from "../form.js";
import { FirstAccount } from "../first-account.js";
import { Page } from "../shell.js";

const NEW = { direction: "outbound", prefix: "", country: "", country_name: "", operator: "", mcc: "", mnc: "",
  price: "" };
const DIRECTIONS = [["outbound", "To handsets"], ["inbound", "From handsets"]];

export default function PricesPage() {
  const { data, error, reload } = useResource((signal) => get("/prices", { signal }), []);
  const [open, setOpen] = useState(null);
  const isOwner = may("owner");
  const save = async (price) => {
    await put("/prices", price);
    reload();
    setOpen(null);
    toast(`The price of +${price.prefix || "…"} is saved. It holds for messages from now on.`);
  };
  const drop = async (account, price) => {
    const isSure = await ask({ title: `Delete the price of +${price.prefix || "everything else"}?`,
      body: html`<p>Messages there cost what the next shorter prefix says, or nothing when there is none.</p>`,
      yes: "Delete the price", isDangerous: true });
    if (!isSure) return;
    await del("/prices", { account, direction: price.direction, prefix: price.prefix }).catch((problem) =>
      toast(problem.message));
    reload();
  };
  return html`<${Page} title="Prices"
    lead="The price of one part. The longest prefix that a number begins with decides; without one it costs nothing.">
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${!data ? !error && html`<div class="card"><${Bones} rows=${5} /></div>` : data.accounts.length === 0
      ? html`<div class="card"><${FirstAccount} /></div>`
      : data.accounts.map((account) =>
      html`<section class="card" key=${account.id} aria-label="Prices of ${account.name}">
      <div class="head"><h2>${account.name}</h2>
        ${isOwner && html`
        <button type="button" class="button little push"
        onClick=${() => setOpen({ account: account.id, currency: account.currency, ...NEW })}>
        <${Icon} name="plus" size=${13} />Price</button>`}</div>
      ${account.prices.length ? html`<${Table} account=${account} ...${{ isOwner, setOpen, drop }} />`
        : html`<${Empty} title="Everything costs nothing">
        <p>Set a price for a prefix, such as 65 for Singapore, to charge accounts that pay in advance and to show what
        messages cost.</p><//>`}</section>`)}
    ${open && html`<${FormDialog} title=${open.isOld ? `Price of +${open.prefix}` : "New price"}
      onClose=${() => setOpen(null)} first=${open}
      save=${({ account, direction, prefix, country, country_name, operator, mcc, mnc, price }) =>
        save({ account, direction, prefix, country, country_name, operator, mcc, mnc, price })}
      draw=${(values, set, errors) => html`
        <${Choice} label="Direction" value=${values.direction} onValue=${(direction) => set({ direction })}
          options=${DIRECTIONS} />
        <div class="two">
          <${TextField} label="Prefix" class="mono" inputmode="numeric"
          hint="Digits without a plus, such as 65. Empty is every other number." value=${values.prefix}
          error=${errors.prefix && "Digits only, at most 15."}
          onValue=${(prefix) => set({ prefix: prefix.replace(/[+\s]/g, "") })} />
          <${TextField} label="Price of one part in ${open.currency}" inputmode="decimal" value=${values.price}
            error=${errors.price} onValue=${(price) => set({ price })} /></div>
        <div class="two">
          <${TextField} label="Country" optional=${true} value=${values.country_name} error=${errors.country_name}
          onValue=${(country_name) => set({ country_name })} />
          <${TextField} label="Country code" optional=${true} maxlength="2" hint="Two capitals, such as SG."
            value=${values.country} error=${errors.country && "Two capitals."}
            onValue=${(country) => set({ country: country.toUpperCase() })} /></div>
        <div class="two">
          <${TextField} label="Operator" optional=${true} value=${values.operator} error=${errors.operator}
          onValue=${(operator) => set({ operator })} />
          <${TextField} label="MCC" optional=${true} inputmode="numeric" maxlength="3" value=${values.mcc}
            error=${errors.mcc && "Three digits."} onValue=${(mcc) => set({ mcc })} />
          <${TextField} label="MNC" optional=${true} inputmode="numeric" maxlength="3" value=${values.mnc}
            error=${errors.mnc && "Two or three digits."} onValue=${(mnc) => set({ mnc })} /></div>`} />`}<//>`;
}

const Table = ({ account, isOwner, setOpen, drop }) => html`<table class="table stacked"><thead><tr>
  <th scope="col">Prefix</th><th scope="col">Where</th><th scope="col" class="wide">Direction</th>
  <th scope="col" class="wide">MCC MNC</th><th scope="col" class="number">${account.currency} a part</th>
  ${isOwner && html`<th scope="col"><span class="unseen">Actions</span></th>`}</tr></thead>
  <tbody>${account.prices.map((price) => html`<tr key=${price.direction + price.prefix}><td class="strong number">
    ${price.prefix ? `+${price.prefix}` : html`<span class="muted">all others</span>`}</td>
    <td>${[price.country_name || price.country, price.operator].filter(Boolean).join(", ")
      || html`<span class="muted">–</span>`}</td>
    <td class="wide">${price.direction === "outbound" ? "to handsets" : "from handsets"}</td><td class="wide number">
      ${[price.mcc, price.mnc].filter(Boolean).join(" ") || "–"}</td><td class="number">${price.price}</td>
    ${isOwner && html`<td class="actions-cell">
      <button type="button" class="button little" aria-label="Change the price of ${price.prefix || "all others"}"
      onClick=${() =>
      setOpen({ account: account.id, currency: account.currency, ...price, isOld: true })}>Change</button>
      <button type="button" class="button little danger"
        aria-label="Delete the price of ${price.prefix || "all others"}"
        onClick=${() => drop(account.id, price)}>Delete</button></td>`}</tr>`)}</tbody></table>`;
