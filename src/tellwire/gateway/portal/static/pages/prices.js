// What one part costs an account, by the beginning of the number; the longest beginning that fits wins.
import { html, useEffect, useState } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Choice, TextField } from "/static/shared/ui/fields.js";
import { FormDialog } from "/static/shared/ui/form/form.js";
import { Icon } from "/static/shared/ui/icons.js";
import { useResource, useRested } from "/static/shared/ui/resource.js";
import { here, putQuery } from "/static/shared/ui/router.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { count, number } from "/static/shared/ui/words.js";
import { del, get, may, put } from "../api.js";
import { FirstAccount } from "../first-account.js";
import { PRICES } from "../places.js";
import { matching } from "../price-search.js";
import { Page } from "../shell.js";

const NEW = { direction: "outbound", prefix: "", country: "", country_name: "", operator: "", mcc: "", mnc: "",
  price: "", scope: "prefix" };
const SHOWN = 100; // rows at once: two thousand would take a second to draw
const RESTS_MS = 150;
const SCOPES = [["prefix", "Some numbers"], ["rest", "Every other number"]];
const DIRECTIONS = [["outbound", "To handsets"], ["inbound", "From handsets"]];

/** What is looked for, also in the address. */
function useSearch() {
  const [words, setWords] = useState(here.value.query.q ?? "");
  const rested = useRested(words, RESTS_MS);
  useEffect(() => { if ((here.value.query.q ?? "") !== rested) putQuery(PRICES, { ...here.value.query, q: rested }); },
    [rested]);
  return { words, setWords, rested };
}

export default function PricesPage() {
  const { data, error, reload } = useResource((signal) => get("/prices", { signal }), []);
  const [open, setOpen] = useState(null);
  const { words, setWords, rested } = useSearch();
  const isOwner = may("owner");
  const save = async ({ scope, isOld, currency, ...price }) => {
    const prefix = isOld ? price.prefix : scope === "rest" ? "" : price.prefix || " "; // no prefix is refused
    await put("/prices", { ...price, prefix });
    reload();
    setOpen(null);
    toast(`The price of ${name(prefix)} is saved. It holds for messages from now on.`);
  };
  const drop = async (account, price) => {
    const isSure = await ask({
      title: `Delete the price of ${name(price.prefix)}?`, yes: "Delete the price", isDangerous: true,
      body: html`<p>Messages there cost what the next shorter prefix says, or nothing when there is none.</p>`,
    });
    if (!isSure) return;
    await del("/prices", { account, direction: price.direction, prefix: price.prefix })
      .then(() => toast(`The price of ${name(price.prefix)} is deleted.`), (problem) => toast(problem.message));
    reload();
  };
  return html`<${Page} title="Prices"
    lead="The price of one part. The longest prefix that a number begins with decides; without one it costs nothing.">
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${data?.accounts.some(({ prices }) => prices.length > 1)
      && html`<form class="search" role="search" onSubmit=${(event) => event.preventDefault()}>
      <${TextField} label="Find" type="search" data-search spellcheck=${false}
        placeholder="Number, prefix, country, operator or network"
        value=${words} onValue=${setWords} /></form>`}
    ${!data ? !error && html`<div class="card"><${Bones} rows=${5} /></div>`
      : data.accounts.length === 0 ? html`<div class="card"><${FirstAccount} /></div>`
      : data.accounts.map((account) =>
        html`<${AccountPrices} key=${account.id} words=${rested} ...${{ account, isOwner, setOpen, drop }} />`)}
    ${open && html`<${PriceForm} price=${open} save=${save} onClose=${() => setOpen(null)} />`}<//>`;
}

const name = (prefix) => (prefix ? `+${prefix}` : "every other number");

function AccountPrices({ account, words, isOwner, setOpen, drop }) {
  const [shown, setShown] = useState(SHOWN);
  useEffect(() => setShown(SHOWN), [words]);
  const found = matching(account.prices, words);
  const edit = (price) => setOpen({ account: account.id, currency: account.currency, ...price });
  return html`<section class="card" aria-label="Prices of ${account.name}">
    <div class="head"><h2>${account.name}</h2><span class="small muted number" role="status">${words
      ? `${number(found.length)} of ${count(account.prices.length, "price")}` : count(account.prices.length, "price")}
        </span>
      ${isOwner && html`<button type="button" class="button little push" onClick=${() => edit(NEW)}>
        <${Icon} name="plus" size=${13} />Price</button>`}</div>
    ${account.prices.length === 0 ? html`<${Empty} title="Everything costs nothing">
      <p>Set a price for a prefix, such as 65 for
        Singapore, to charge accounts that pay in advance and to show what messages cost.</p><//>`
      : found.length === 0
        ? html`<p class="empty small">No price is like that. A number that no prefix fits costs nothing.</p>`
      : html`<${Table} prices=${found.slice(0, shown)} currency=${account.currency} edit=${isOwner && edit}
        drop=${(price) => drop(account.id, price)} />`}
    ${found.length > shown && html`<div class="more">
      <button type="button" class="button" onClick=${() => setShown(shown + SHOWN)}>
        ${Math.min(SHOWN, found.length - shown)} more</button>
      <span class="small muted number">${number(shown)} of ${number(found.length)} are shown.</span></div>`}</section>`;
}

const PriceForm = ({ price, save, onClose }) =>
  html`<${FormDialog} title=${price.isOld ? `Price of ${name(price.prefix)}` : "New price"}
  onClose=${onClose} first=${price} save=${save} draw=${(values, set, errors) => html`
    ${!price.isOld && html`<${Place} ...${{ values, set, errors }} />`}
    <${TextField} label="Price of one part in ${price.currency}" inputmode="decimal" value=${values.price}
      error=${errors.price} onValue=${(amount) => set({ price: amount })} />
    <div class="two">
      <${TextField} label="Country" optional=${true} value=${values.country_name} error=${errors.country_name}
        onValue=${(country_name) => set({ country_name })} />
      <${TextField} label="Country code" optional=${true} maxlength="2" hint="Two capitals, such as SG."
        value=${values.country}
        error=${errors.country} onValue=${(country) => set({ country: country.toUpperCase() })} /></div>
    <div class="two">
      <${TextField} label="Operator" optional=${true} value=${values.operator} error=${errors.operator}
        onValue=${(operator) => set({ operator })} />
      <${TextField} label="MCC" optional=${true} inputmode="numeric" maxlength="3" value=${values.mcc}
        error=${errors.mcc}
        onValue=${(mcc) => set({ mcc })} />
      <${TextField} label="MNC" optional=${true} inputmode="numeric" maxlength="3" value=${values.mnc}
        error=${errors.mnc}
        onValue=${(mnc) => set({ mnc })} /></div>`} />`;

/** Which messages a new price is for. A prefix that was forgotten does not make it the price of everything else. */
const Place = ({ values, set, errors }) => html`
  <${Choice} label="Direction" value=${values.direction} onValue=${(direction) => set({ direction })}
    options=${DIRECTIONS} />
  <${Choice} label="For" value=${values.scope} onValue=${(scope) => set({ scope })} options=${SCOPES} />
  ${values.scope === "prefix" && html`<${TextField} label="Prefix" class="mono" inputmode="numeric"
    hint="Digits without a plus, such as 65." value=${values.prefix}
    error=${errors.prefix && !values.prefix ? "Write a prefix, or choose every other number." : errors.prefix}
    onValue=${(prefix) => set({ prefix: prefix.replace(/[+\s]/g, "") })} />`}`;

const Table = ({ prices, currency, edit, drop }) => html`<table class="table stacked"><thead><tr>
  <th scope="col">Prefix</th>
    <th scope="col">Where</th><th scope="col" class="wide">Direction</th><th scope="col" class="wide">MCC MNC</th>
    <th scope="col" class="number">${currency} a part</th>
    ${edit && html`<th scope="col"><span class="unseen">Actions</span></th>`}</tr></thead>
  <tbody>${prices.map((price) => html`<tr key=${price.direction + price.prefix}>
    <td class="strong">${price.prefix ? `+${price.prefix}` : html`<span class="muted">all others</span>`}</td>
    <td>${[price.country_name || price.country, price.operator].filter(Boolean).join(", ")
      || html`<span class="muted">–</span>`}</td>
    <td class="wide">${price.direction === "outbound" ? "to handsets" : "from handsets"}</td>
    <td class="wide">${[price.mcc, price.mnc].filter(Boolean).join(" ") || "–"}</td><td class="number">${price.price}
      </td>
    ${edit && html`<td class="actions-cell">
      <button type="button" class="button little" aria-label="Change the price of ${price.prefix || "all others"}"
        onClick=${() => edit({ ...price, isOld: true })}>Change</button>
      <button type="button" class="button little danger"
        aria-label="Delete the price of ${price.prefix || "all others"}"
        onClick=${() => drop(price)}>Delete</button></td>`}</tr>`)}</tbody></table>`;
