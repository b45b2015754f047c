// All campaigns with what they did.
import { html, useEffect, useMemo, useState } from "/static/shared/ui/preact.js";
import { More, useGrowing } from "/static/shared/ui/growing.js";
import { Icon } from "/static/shared/ui/icons.js";
import { useResource, useRested } from "/static/shared/ui/resource.js";
import { here, putQuery } from "/static/shared/ui/router.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { get } from "../api.js";
import { StateBadge } from "../parts/campaign-state.js";
import { deliveredShare } from "../parts/delivered.js";
import { Mini } from "../parts/figures.js";
import { startInShort } from "../journey-words.js";
import { campaignAt } from "../places.js";
import { funnelOf } from "../shape.js";
import { Page } from "../shell.js";
import { count, number } from "../words.js";

const ORDER = { running: 0, paused: 1, draft: 2, stopped: 3 };
const FEW = 5; // that many are found by looking
const STEP = 100; // drawn at once: a few screens
const REST_MS = 150; // of typing, before the list is looked through
const add = html`<a class="button primary" href="/campaigns/new"><${Icon} name="plus" size=${14} />New campaign</a>`;
const addSteps = html`<a class="button" href="/campaigns/new?yaml=1"><${Icon} name="file" size=${14} />New in YAML</a>`;

const inOrder = (campaigns) => campaigns
  .map((one) => ({ ...one, starts: startInShort(one.start) }))
  .map((one) => ({ ...one, sought: `${one.name} ${one.starts}`.toLowerCase() }))
  .sort((a, b) => ORDER[a.state] - ORDER[b.state] || b.id - a.id);

export default function Campaigns() {
  const { data, error, reload } = useResource((signal) => get("/campaigns", { signal }), []);
  const [sought, setSought] = useState(here.value.query.q ?? "");
  const rested = useRested(sought, REST_MS).trim();
  useEffect(() => putQuery("/campaigns", { q: rested }), [rested]);
  const question = rested.toLowerCase();
  const all = useMemo(() => inOrder(data?.campaigns ?? []), [data]);
  const found = useMemo(() => all.filter((one) => one.sought.includes(question)), [all, question]);
  const list = useGrowing(found, STEP, question);
  return html`<${Page} title="Campaigns" actions=${html`${addSteps}${add}`}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${all.length > FEW && html`<div class="search">
      <input class="input" type="search" data-search aria-label="Find a campaign"
        placeholder="Find by name or event  ( / )"
        value=${sought} onInput=${(event) => setSought(event.currentTarget.value)} />
      <p class="muted small" role="status">
        ${question ? `${number(found.length)} of ${number(all.length)}` : count(all.length, "campaign")}</p></div>`}
    ${(data || !error) && html`<section class="card" aria-label="Campaigns">${!data ? html`<${Bones} />`
      : found.length ? html`<${List} campaigns=${list.shown} />`
      : all.length ? html`<p class="empty">No campaign is called that.</p>` : html`<${None} />`}
    </section>`}
    <${More} list=${list} step=${STEP} /><//>`;
}

const None = () => html`<${Empty} title="No campaign yet">
  <p>A campaign listens to an event of your app and answers it with a message: “Order Placed” comes in, “Thank you,
    Ann” goes out. With several steps, it also waits, chooses and repeats: such a one is written in YAML.</p>
  ${add}<//>`;

const List = ({ campaigns }) => html`<table class="table">
  <thead><tr><th scope="col">Name</th><th scope="col">State</th><th scope="col" class="wide">Starts with</th>
    <th scope="col" class="number wide">Messages</th><th scope="col" class="number">Delivered</th>
    <th scope="col" class="number wide">Failed</th><th scope="col" class="number wide">Skipped</th>
    <th scope="col" class="wide"><span class="unseen">Picture</span></th></tr></thead>
  <tbody>${campaigns.map((one) => html`<${Row} campaign=${one} key=${one.id} />`)}</tbody></table>`;

function Row({ campaign }) {
  const numbers = funnelOf(campaign.funnel);
  return html`<tr>
    <td class="break"><a class="whole" href=${campaignAt(campaign.id)}>${campaign.name || "Without a name"}</a></td>
    <td><${StateBadge} state=${campaign.state} facts=${campaign.facts} /></td>
    <td class="wide break">${campaign.starts}</td>
    <td class="number wide">${number(numbers.messages)}</td>
    <td class="number">${deliveredShare(campaign.delivery)}</td>
    <td class="number wide">${number(numbers.failed)}</td>
    <td class="number wide">${number(numbers.skipped)}</td>
    <td class="wide"><${Mini} numbers=${numbers} /></td></tr>`;
}
