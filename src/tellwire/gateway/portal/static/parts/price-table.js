// The prices of one account, thousands of them if need be.
import { Icon } from "/static/shared/ui/icons.js";
import { html, useMemo } from "/static/shared/ui/preact.js";
import { Empty } from "/static/shared/ui/states.js";
import { Table } from "/static/shared/ui/table/table.js";
import { count, number } from "/static/shared/ui/words.js";
import { matching } from "../price-search.js";
import { menuColumn } from "/static/shared/ui/row-menu.js";

export const nameOf = (prefix) => (prefix ? `+${prefix}` : "every other number");

const whereOf = ({ country_name: name, country, operator }) => [name || country, operator].filter(Boolean).join(", ");
const networkOf = ({ mcc, mnc }) => [mcc, mnc].filter(Boolean).join(" ");
const columnsIn = (currency) => [
  { key: "prefix", name: "Prefix", width: 8, isFixed: true, value: ({ prefix }) => (prefix ? `+${prefix}` : ""),
    cell: ({ prefix }) => (prefix ? `+${prefix}` : html`<span class="muted">all others</span>`) },
  { key: "where", name: "Where", value: whereOf,
    cell: (price) => whereOf(price) && html`<span class="k-cut" title=${whereOf(price)}>${whereOf(price)}</span>` },
  { key: "direction", name: "Direction", width: 9, isWide: true,
    value: ({ direction }) => (direction === "outbound" ? "to handsets" : "from handsets") },
  { key: "network", name: "MCC MNC", width: 7, isWide: true, value: networkOf },
  { key: "price", name: `${currency} a part`, width: 8, isNumber: true, value: ({ price }) => Number(price),
    cell: ({ price }) => price },
];

/** `onEdit(values)` opens the form of a price, false for who may not; `words` is what is looked for. */
export function PriceTable({ account, words, onEdit, add, drop, isMain }) {
  const found = useMemo(() => matching(account.prices, words), [account, words]);
  const columns = useMemo(() => [...columnsIn(account.currency), ...(onEdit ? [menuColumn(
    ({ prefix }) => nameOf(prefix),
    (price) => [
      { name: "Change", icon: "edit",
        run: () => onEdit({ account: account.id, currency: account.currency, ...price, isOld: true }) },
      null,
      { name: "Delete", icon: "trash", isDangerous: true, run: () => drop(account.id, price) },
    ],
  )] : [])], [account, Boolean(onEdit)]);
  const all = count(account.prices.length, "price");
  return html`<${Table} name="Prices of ${account.name}" rows=${found} columns=${columns} ...${{ isMain }}
    idOf=${(price) => `${price.direction} ${price.prefix}`}
    tools=${html`<h2>${account.name}</h2><span class="small muted number" role="status">${words
      ? `${number(found.length)} of ${all}` : all}</span>
      ${onEdit && html`<button type="button" class="button little" onClick=${add}>
        <${Icon} name="plus" size=${13} />New price</button>`}`}
    empty=${account.prices.length ? html`<p class="empty small">No price is like that. A number that no prefix fits
      costs nothing.</p>` : html`<${Empty} title="Everything costs nothing"><p>Set a price for a prefix, such as 65 for
      Singapore, to charge accounts that pay in advance and to show what messages cost.</p><//>`} />`;
}
