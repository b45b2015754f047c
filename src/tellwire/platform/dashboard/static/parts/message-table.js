// Messages as rows of a table.
import { Status, lookOf } from "/static/shared/ui/badge.js";
import { html, useMemo } from "/static/shared/ui/preact.js";
import { Table } from "/static/shared/ui/table/table.js";
import { Time } from "/static/shared/ui/time.js";
import { shortly } from "../day-words.js";
import { messageAt } from "../places.js";
import { reasonOf, when } from "../words.js";

const isNarrow = innerWidth < 700; // then all three columns fit into 320 px

const columnsFor = (hasCampaign) => [
  { key: "to", name: "To", width: isNarrow ? 7.25 : 10, isFixed: true, value: (row) => row.to },
  { key: "status", name: "Status", width: isNarrow ? 7.5 : 9, value: (row) => lookOf(row.status, row.detail).word,
    cell: (row) => html`<${Status} status=${row.status} detail=${row.detail} />` },
  ...(hasCampaign ? [{ key: "campaign", name: "Campaign", width: 14, isWide: true,
    value: (row) => row.campaign_name || "Test message" }] : []),
  { key: "why", name: "Why", isWide: true, value: (row) => reasonOf(row.error_code, row.description) || null,
    cell: (row) => html`<span class="muted small" title=${whyOf(row)}>${whyOf(row)}</span>` },
  { key: "provider", name: "Provider", width: 10, isWide: true, value: (row) => row.provider_nickname },
  { key: "parts", name: "Parts", width: 4.5, isNumber: true, isWide: true, value: (row) => row.parts },
  { key: "created", name: "Created", width: isNarrow ? 4.5 : 8, value: (row) => row.created_at,
    cell: (row) => html`<${Time} at=${row.created_at} as=${isNarrow ? shortly : when} />` },
].map((column) => ({ ...column, isUnsortable: true })); // the newest first: others are not loaded yet

const whyOf = (row) => reasonOf(row.error_code, row.description);

/** `messages` undefined: they are on their way. What else it takes is as for Table. */
export function MessageTable({ messages, hasCampaign = true, height = "none", ...rest }) {
  const columns = useMemo(() => columnsFor(hasCampaign), [hasCampaign]);
  return html`<${Table} name="Messages" height=${height} rows=${messages} columns=${columns}
    hrefOf=${(row) => messageAt(row.id)} ...${rest} />`;
}
