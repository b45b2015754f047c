// One campaign: what it does, what became of it, why some got nothing.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { usePolled } from "/static/shared/ui/resource.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { get, post } from "../api.js";
import { draftOf, summary } from "../campaign-draft.js";
import { Facts } from "../parts/campaign-facts.js";
import { History } from "../parts/campaign-history.js";
import { StateBadge } from "../parts/campaign-state.js";
import { askToPublish } from "../parts/campaign-store.js";
import { Card } from "../parts/card.js";
import { Funnel, Reasons } from "../parts/figures.js";
import { MessageTable } from "../parts/message-table.js";
import { askToStop } from "../parts/stop.js";
import { learn } from "../parts/vocabulary-store.js";
import { campaignAt } from "../places.js";
import { funnelOf, messageOf } from "../shape.js";
import { Page } from "../shell.js";
import { gateName, sentence } from "../words.js";

const AGAIN_MS = 4000; // numbers move while one looks at them

async function load(id, signal) {
  const at = encodeURIComponent(id);
  const [campaign, { messages }, { providers }] = await Promise.all([
    get(`/campaigns/${at}`, { signal }), get(`/messages?limit=20&campaign_id=${at}`, { signal }),
      get("/providers", { signal }), learn(signal),
  ]);
  const provider = providers.find((one) =>
    (campaign.provider_id ? one.id === campaign.provider_id : one.is_default && !one.archived_at));
  return { campaign, provider, messages: messages.map(messageOf) };
}

export default function Campaign({ id }) {
  const { data, error, reload } = usePolled((signal) => load(id, signal), [id], AGAIN_MS);
  const campaign = data?.campaign;
  const title = campaign?.name ?? "Campaign";
  return html`<${Page} title=${title} crumbs=${[["Campaigns", "/campaigns"], [title]]}
    mark=${campaign && html`<${StateBadge} state=${campaign.state} facts=${campaign.facts} />`}
      actions=${data && html`<${Actions} ...${data} reload=${reload} />`}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${data ? html`<${Report} ...${data} />` : !error && html`<div class="card"><${Bones} rows=${8} /></div>`}
  <//>`;
}

function Report({ campaign, provider, messages }) {
  const numbers = funnelOf(campaign.funnel);
  return html`
    <${Problems} campaign=${campaign} />
    <${Facts} facts=${campaign.facts} />
    <div class="halves">
      <${Card} title="From event to phone"><div><${Funnel} numbers=${numbers} delivery=${campaign.delivery} /></div><//>
      <${Card} title="What it does">
        <ul class="stack close">
          ${summary(draftOf(campaign), provider?.nickname ?? "the default provider, and there is none")
          .slice(0, 4).map((text) => html`<li key=${text}>${text}</li>`)}</ul>
        <p class="bubble">${campaign.content.text}</p>
      <//>
      <${Reasons} title="Skipped, by reason" table=${numbers.skips} all=${numbers.decisions} none="Nobody was skipped."
        word=${gateName} />
      <${Reasons} title="Errors, by code" table=${numbers.errors} all=${numbers.messages} none="No errors."
        word=${sentence} />
    </div>
    <${Recent} campaign=${campaign} messages=${messages} />
    <${History} campaign=${campaign} />`;
}

function Problems({ campaign }) {
  const problems = Object.entries(campaign.problems ?? {});
  if (campaign.state === "running" || !problems.length) return null;
  return html`<div class="banner warn"><${Icon} name="info" />
    <div class="grow"><p class="strong">Before it can be published</p>
      <ul>${problems.map(([path, why]) => html`<li key=${path}>${why}</li>`)}</ul></div>
    <a class="button little" href="${campaignAt(campaign.id)}/edit">Edit</a></div>`;
}

const Recent = ({ campaign, messages }) => html`<section class="card" aria-label="Recent messages">
  <div class="head"><h2>Recent messages</h2>
    ${messages.length > 0 && html`<a class="push small" href="/messages?campaign_id=${campaign.id}">All of them</a>`}
      </div>
  ${messages.length ? html`<${MessageTable} messages=${messages} hasCampaign=${false} />`
    : html`<p class="empty">No message yet. ${campaign.state === "running" ? `It waits for “${campaign.event}”.`
      : "It does not run."}</p>`}
</section>`;

function Actions({ campaign, provider, reload }) {
  const act = async (verb, done) => {
    try {
      await post(`/campaigns/${encodeURIComponent(campaign.id)}/${verb}`);
      toast(done);
      reload();
    } catch (error) {
      toast(error.message);
    }
  };
  const stop = async () => {
    const queued = await askToStop(stopping(campaign));
    if (queued) act(`stop?queued=${queued}`, `${campaign.name} is stopped.`);
  };
  const publish = async () => (await askToPublish(draftOf(campaign), provider))
    && act("publish", `${campaign.name} runs.`);
  const isSound = !Object.keys(campaign.problems ?? {}).length;
  return html`<a class="button" href="${campaignAt(campaign.id)}/edit"><${Icon} name="edit" size=${14} />Edit</a>
    ${campaign.state === "running"
      ? html`<button type="button" class="button danger" onClick=${stop}><${Icon} name="stop"
        size=${13} />Stop</button>`
      : isSound && html`<button type="button" class="button primary" onClick=${publish}>Publish…</button>`}`;
}

const stopping = (campaign) => ({
  title: `Stop ${campaign.name}?`, yes: "Stop", waiting: funnelOf(campaign.funnel).queued,
  body: html`<p>Events from now on are not answered. You can publish it again.</p>`,
});
