// What one part costs an account, by the beginning of the number; the longest beginning that fits wins.
import { html, useEffect, useState } from "/static/shared/ui/preact.js";
import { Choice, TextField } from "/static/shared/ui/fields.js";
import { FormDialog } from "/static/shared/ui/form/form.js";
import { useRested } from "/static/shared/ui/answer.js";
import { here, putQuery } from "/static/shared/ui/router.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { del, may, put } from "../api.js";
import { useData } from "../data.js";
import { FirstAccount } from "../first-account.js";
import { PriceTable, nameOf } from "../parts/price-table.js";
import { sure } from "../parts/sure.js";
import { PRICES } from "../places.js";
import { Page } from "../shell.js";

const NEW = { direction: "outbound", prefix: "", country: "", country_name: "", operator: "", mcc: "", mnc: "",
  price: "", scope: "prefix" };
const RESTS_MS = 150;
const SCOPES = [["prefix", "Some numbers"], ["rest", "Every other number"]];
const DIRECTIONS = [["outbound", "To handsets"], ["inbound", "From handsets"]];

const newFor = ({ id, currency }) => ({ account: id, currency, ...NEW });

/** What is looked for, also in the address. */
function useSearch() {
  const [words, setWords] = useState(here.value.query.q ?? "");
  const rested = useRested(words, RESTS_MS);
  useEffect(() => { if ((here.value.query.q ?? "") !== rested) putQuery(PRICES, { ...here.value.query, q: rested }); },
    [rested]);
  return { words, setWords, rested };
}

export default function PricesPage() {
  const { data, error, reload } = useData("/prices", ["prices", "accounts"]);
  const [open, setOpen] = useState(null);
  const { words, setWords, rested } = useSearch();
  const isOwner = may("owner");
  const save = async ({ scope, isOld, currency, ...price }) => {
    const prefix = isOld ? price.prefix : scope === "rest" ? "" : price.prefix || " "; // no prefix is refused
    await put("/prices", { ...price, prefix });
    reload();
    setOpen(null);
    toast(`The price of ${nameOf(prefix)} is saved. It holds for messages from now on.`);
  };
  const drop = (account, price) => sure({
    title: `Delete the price of ${nameOf(price.prefix)}?`, yes: "Delete the price",
    body: "Messages there cost what the next shorter prefix says, or nothing when there is none.",
    doing: () => del("/prices", { account, direction: price.direction, prefix: price.prefix }),
    done: `The price of ${nameOf(price.prefix)} is deleted.`,
  }).then(reload);
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
        html`<${PriceTable} key=${account.id} words=${rested} ...${{ account, drop }} onEdit=${isOwner && setOpen}
          isMain=${data.accounts.length === 1} add=${() => setOpen(newFor(account))} />`)}
    ${open && html`<${PriceForm} price=${open} save=${save} onClose=${() => setOpen(null)} />`}<//>`;
}

const PriceForm = ({ price, save, onClose }) =>
  html`<${FormDialog} title=${price.isOld ? `Price of ${nameOf(price.prefix)}` : "New price"}
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
