// Messages in a table.
import { html } from "/static/shared/ui/preact.js";
import { Status } from "/static/shared/ui/badge.js";
import { Table } from "/static/shared/ui/table/table.js";
import { Time } from "/static/shared/ui/time.js";
import { number, when } from "/static/shared/ui/words.js";
import { ShortId } from "../id.js";
import { messageAt } from "../places.js";

const COLUMNS = [
  { key: "to", name: "To", width: 8.5, isFixed: true, isUnsortable: true, value: (row) => row.to },
  { key: "from", name: "From", width: 8, isWide: true, isUnsortable: true, value: (row) => row.source },
  { key: "status", name: "Status", width: 8, isUnsortable: true, value: (row) => row.status,
    cell: (row) => html`<${Status} status=${row.status} detail=${row.detail} />` },
  { key: "error", name: "Reason", isWide: true, isUnsortable: true, value: (row) => row.error,
    cell: (row) => row.error && html`<span class="k-cut small" title=${row.error}>${row.error}</span>` },
  { key: "subaccount", name: "Subaccount", width: 10, isWide: true, isUnsortable: true, value: (row) => row.subaccount,
    cell: (row) => html`<span class="k-cut" title=${row.subaccount}>${row.subaccount}</span>` },
  { key: "parts", name: "Parts", width: 5, isWide: true, isNumber: true, isUnsortable: true, value: (row) => row.parts,
    cell: (row) => number(row.parts) },
  { key: "client", name: "Client id", width: 12, isWide: true, isUnsortable: true, value: (row) => row.client_id,
    cell: (row) => row.client_id && html`<${ShortId}>${row.client_id}<//>` },
  { key: "time", name: "Time", width: 6.25, isNumber: true, isUnsortable: true, value: (row) => row.created_at,
    cell: (row) => html`<${Time} at=${row.created_at} as=${when} />` },
];

/** The newest stand first, as the server found them; `rows` undefined: they are on their way. */
export const MessageTable = ({ rows, empty, footer }) => html`<${Table} name="Messages" columns=${COLUMNS} height="none"
  isMain=${true} idOf=${(row) => row.umid} hrefOf=${(row) => messageAt(row.umid)} hasTools=${false}
  ...${{ rows, empty, footer }} />`;
