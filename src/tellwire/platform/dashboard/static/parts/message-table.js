// Messages as rows.
import { html } from "/static/shared/ui/preact.js";
import { Status } from "/static/shared/ui/status.js";
import { Time } from "/static/shared/ui/time.js";
import { messageAt } from "../places.js";
import { reasonOf, when } from "../words.js";

export const MessageTable = ({ messages, hasCampaign = true }) => html`<table class="table messages">
  <thead><tr><th scope="col">Created</th><th scope="col">To</th>
    ${hasCampaign && html`<th scope="col" class="wide">Campaign</th>`}
    <th scope="col" class="wide">Provider</th><th scope="col" class="number wide">Parts</th>
    <th scope="col">Status</th><th scope="col" class="wide">Why</th></tr></thead>
  <tbody>${messages.map((row) => html`<${Row} key=${row.id} row=${row} hasCampaign=${hasCampaign} />`)}</tbody>
    </table>`;

const Row = ({ row, hasCampaign }) => html`<tr>
  <td class="nowrap muted"><${Time} at=${row.created_at} as=${when} /></td>
  <td class="nowrap"><a class="whole" href=${messageAt(row.id)}>${row.to}</a></td>
  ${hasCampaign && html`<td class="wide break">${row.campaign_name || "Test message"}</td>`}
  <td class="wide break">${row.provider_nickname}</td>
  <td class="number wide">${row.parts}</td>
  <td><${Status} status=${row.status} detail=${row.detail} /></td>
  <td class="wide muted small break">${reasonOf(row.error_code, row.description)}</td></tr>`;
