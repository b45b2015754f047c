// All campaigns with what they did.
import { html, useState } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { useResource } from "/static/shared/ui/resource.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { get } from "../api.js";
import { StateBadge } from "../parts/campaign-state.js";
import { deliveredShare } from "../parts/delivered.js";
import { Mini } from "../parts/figures.js";
import { campaignAt } from "../places.js";
import { funnelOf } from "../shape.js";
import { Page } from "../shell.js";
import { number } from "../words.js";

const ORDER = { running: 0, draft: 1, stopped: 2 };
const FEW = 5; // that many are found by looking
const add = html`<a class="button primary" href="/campaigns/new"><${Icon} name="plus" size=${14} />New campaign</a>`;

export default function Campaigns() {
  const { data, error, reload } = useResource((signal) => get("/campaigns", { signal }), []);
  const [sought, setSought] = useState("");
  const all = [...(data?.campaigns ?? [])].sort((a, b) => ORDER[a.state] - ORDER[b.state] || b.id - a.id);
  const shown = all.filter((one) => `${one.name} ${one.event}`.toLowerCase().includes(sought.toLowerCase()));
  return html`<${Page} title="Campaigns" actions=${add}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${all.length > FEW && html`<div class="search">
      <input class="input" type="search" data-search aria-label="Find a campaign" placeholder="Find by name or event  ( / )"
        value=${sought} onInput=${(event) => setSought(event.currentTarget.value)} /></div>`}
    ${(data || !error) && html`<section class="card" aria-label="Campaigns">${!data ? html`<${Bones} />`
      : shown.length ? html`<${List} campaigns=${shown} />` : all.length ? html`<p class="empty">No campaign is called that.</p>` : html`<${None} />`}
    </section>`}<//>`;
}

const None = () => html`<${Empty} title="No campaign yet">
  <p>A campaign listens to an event of your app and answers it with a message: “Order Placed” comes in, “Thank you, Ann” goes out.</p>
  ${add}<//>`;

const List = ({ campaigns }) => html`<table class="table">
  <thead><tr><th scope="col">Name</th><th scope="col">State</th><th scope="col" class="wide">Event</th>
    <th scope="col" class="number wide">Messages</th><th scope="col" class="number">Delivered</th>
    <th scope="col" class="number wide">Failed</th><th scope="col" class="number wide">Skipped</th>
    <th scope="col" class="wide"><span class="unseen">Picture</span></th></tr></thead>
  <tbody>${campaigns.map((one) => html`<${Row} campaign=${one} key=${one.id} />`)}</tbody></table>`;

function Row({ campaign }) {
  const numbers = funnelOf(campaign.funnel);
  return html`<tr>
    <td class="break"><a class="whole" href=${campaignAt(campaign.id)}>${campaign.name || "Without a name"}</a></td>
    <td><${StateBadge} state=${campaign.state} facts=${campaign.facts} /></td>
    <td class="wide">${campaign.event}</td>
    <td class="number wide">${number(numbers.messages)}</td>
    <td class="number">${deliveredShare(campaign.delivery)}</td>
    <td class="number wide">${number(numbers.failed)}</td>
    <td class="number wide">${number(numbers.skipped)}</td>
    <td class="wide"><${Mini} numbers=${numbers} /></td></tr>`;
}
