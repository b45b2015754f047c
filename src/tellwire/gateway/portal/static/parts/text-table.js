// Texts from handsets in a table.
import { html } from "/static/shared/ui/preact.js";
import { Table } from "/static/shared/ui/table/table.js";
import { Time } from "/static/shared/ui/time.js";
import { when } from "/static/shared/ui/words.js";
import { Forwarding } from "../forwarding.js";
import { inboundAt } from "../places.js";

const COLUMNS = [
  { key: "from", name: "From", width: 10, isFixed: true, isUnsortable: true, value: (row) => row.from },
  { key: "to", name: "To", width: 9, isWide: true, isUnsortable: true, value: (row) => row.to },
  { key: "text", name: "Text", isUnsortable: true, value: (row) => row.beginning,
    cell: (row) => html`<${Words} row=${row} />` },
  { key: "subaccount", name: "Subaccount", width: 10, isWide: true, isUnsortable: true, value: (row) => row.subaccount,
    cell: (row) => html`<span class="k-cut ${row.subaccount ? "" : "muted"}" title=${row.subaccount || undefined}>
      ${row.subaccount || "nobody's number"}</span>` },
  { key: "told", name: "Told", width: 9, isWide: true, isUnsortable: true, value: (row) => row.told,
    cell: (row) => html`<${Forwarding} state=${row.told} />` },
  { key: "time", name: "Received", width: 7, isNumber: true, isUnsortable: true, value: (row) => row.received_at,
    cell: (row) => html`<${Time} at=${row.received_at} as=${when} />` },
];

const Words = ({ row }) => html`<span class="k-cut" title=${row.beginning ?? undefined} dir="auto">
  ${!row.is_whole && html`<span class="bad-text small">A part is missing. </span>`}
  ${row.beginning ?? html`<span class="muted small">for developers and owners</span>`}</span>`;

/** The newest stand first, as the server found them; `rows` undefined: they are on their way. */
export const TextTable = ({ rows, empty, footer }) => html`<${Table} name="Texts" columns=${COLUMNS} height="none"
  isMain=${true} idOf=${(row) => row.umid} hrefOf=${(row) => inboundAt(row.umid)} hasTools=${false}
  ...${{ rows, empty, footer }} />`;
