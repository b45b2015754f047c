// One campaign: what it does, what became of it, why some got nothing.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { usePolled } from "/static/shared/ui/resource.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { get, post } from "../api.js";
import { publishingLines } from "../document/blocks.js";
import { documentOf } from "../document/document.js";
import { hasWinner, isFlat, isScheduled, sendIds, startWords } from "../journey-words.js";
import { Archived } from "../parts/archived.js";
import { Facts } from "../parts/campaign-facts.js";
import { History } from "../parts/campaign-history.js";
import { StateBadge } from "../parts/campaign-state.js";
import { askToPublish } from "../parts/campaign-store.js";
import { SendMeATest } from "../parts/campaign-test.js";
import { Card } from "../parts/card.js";
import { place } from "../parts/errors.js";
import { Funnel, Reasons } from "../parts/figures.js";
import { Calls, Goal } from "../parts/goal.js";
import { Inside, Left, Overdue } from "../parts/inside.js";
import { Journey, Lines } from "../parts/journey.js";
import { MessageTable } from "../parts/message-table.js";
import { askToResume } from "../parts/resume.js";
import { Runs } from "../parts/runs.js";
import { askToStop } from "../parts/stop.js";
import { Trial } from "../parts/trial.js";
import { learn } from "../parts/vocabulary-store.js";
import { WhySoFew } from "../parts/why-so-few.js";
import { campaignAt } from "../places.js";
import { funnelOf, messageOf } from "../shape.js";
import { Page } from "../shell.js";
import { gateName, sentence } from "../words.js";

const IN_USE = ["running", "paused"];
const AGAIN_MS = 4000; // numbers move while one looks at them

async function load(id, signal) {
  const at = encodeURIComponent(id);
  const [campaign, { messages }, { providers }, inside] = await Promise.all([
    get(`/campaigns/${at}`, { signal }), get(`/messages?limit=20&campaign_id=${at}`, { signal }),
    get("/providers", { signal }), get(`/campaigns/${at}/inside`, { signal }), learn(signal),
  ]);
  const runs = isScheduled(campaign.start) ? (await get(`/campaigns/${at}/runs`, { signal })).runs : null;
  const provider = providers.find((one) =>
    (campaign.provider_id ? one.id === campaign.provider_id : one.is_default && !one.archived_at));
  const trials = hasWinner(campaign.steps) ? (await get(`/campaigns/${at}/trials?limit=5`, { signal })).trials : [];
  return { campaign, provider, inside, runs, trials, messages: messages.map(messageOf) };
}

export default function Campaign({ id }) {
  const { data, error, reload } = usePolled((signal) => load(id, signal), [id], AGAIN_MS);
  const campaign = data?.campaign;
  const title = campaign?.name ?? "Campaign";
  return html`<${Page} title=${title} crumbs=${[["Campaigns", "/campaigns"], [title]]}
    mark=${campaign && html`<${StateBadge} state=${campaign.state} facts=${campaign.facts} />`}
      actions=${data && html`<${Actions} ...${data} reload=${reload} />`}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${data && html`<${Archived} campaign=${campaign} reload=${reload} />`}
    ${data ? html`<${Report} ...${data} reload=${reload} />`
      : !error && html`<div class="card"><${Bones} rows=${8} /></div>`}
  <//>`;
}

function Report({ campaign, provider, inside, runs, trials, messages, reload }) {
  const numbers = funnelOf(campaign.funnel);
  const isMoving = !isFlat(campaign) || inside.ever > 0; // else nobody is ever inside: it writes at once
  return html`
    <${Problems} campaign=${campaign} />
    <${Facts} facts=${campaign.facts} />
    <${Overdue} inside=${inside} />
    ${!isFlat(campaign) && html`<${Journey} ...${{ campaign, inside }} />`}
    <div class="halves">
      <div class="stack">
        <${Card} title="From event to phone"><div>
          <${Funnel} numbers=${numbers} delivery=${campaign.delivery}
            first=${isFlat(campaign) ? "Events seen" : "Decided"} /></div><//>
        ${isMoving && inside.ever > 0 && html`<${Inside} inside=${inside} /><${Left} inside=${inside} />`}
        ${trials.map((trial) => html`<${Trial} key=${trial.began_at + trial.step} trial=${trial} />`)}
        ${campaign.funnel?.goal && html`<${Goal} goal=${campaign.funnel.goal} />`}
        ${campaign.funnel && html`<${Calls} calls=${campaign.funnel.calls ?? {}} inside=${inside} />`}</div>
      ${isFlat(campaign) && html`<${Card} title="What it does"><${OneMessage} ...${{ campaign, provider }} /><//>`}
    </div>
    ${runs && html`<${Runs} ...${{ campaign, runs, reload }} canResend=${canResend(campaign)} />`}
    <div class="halves">
      <${Reasons} title="Skipped, by reason" table=${numbers.skips} all=${numbers.decisions} none="Nobody was skipped."
        word=${gateName} />
      <${Reasons} title="Errors, by code" table=${numbers.errors} all=${numbers.messages} none="No errors."
        word=${sentence} />
    </div>
    ${campaign.published_version && html`<${WhySoFew} id=${campaign.id} />`}
    <${Recent} campaign=${campaign} messages=${messages} />
    <${History} campaign=${campaign} />`;
}

const canResend = ({ state, steps, funnel }) => state === "running" && steps.length === 1 && "send" in steps[0]
  && funnelOf(funnel).failed > 0;

const OneMessage = ({ campaign, provider }) => html`
  <${Lines} lines=${publishingLines(documentOf(campaign), provider)} />
  <p class="bubble">${campaign.content.text}</p>`;

function Problems({ campaign }) {
  const problems = Object.entries(campaign.problems ?? {});
  if (IN_USE.includes(campaign.state) || !problems.length) return null;
  return html`<div class="banner warn"><${Icon} name="info" />
    <div class="grow"><p class="strong">Before it can be published</p>
      <ul>${problems.map(([path, why]) => html`<li key=${path}>
        ${!isFlat(campaign) && `${place(path.replace(/\[(\d+)\]/g, ".$1"))}: `}${why}</li>`)}</ul></div>
    <a class="button little" href="${campaignAt(campaign.id)}/edit">Edit</a></div>`;
}

const Recent = ({ campaign, messages }) => html`<section class="card" aria-label="Recent messages">
  <div class="head"><h2>Recent messages</h2>
    ${messages.length > 0 && html`<a class="push small" href="/messages?campaign_id=${campaign.id}">All of them</a>`}
      </div>
  ${messages.length ? html`<${MessageTable} messages=${messages} hasCampaign=${false} />`
    : html`<p class="empty">No message yet. ${quietWords(campaign)}</p>`}
</section>`;

function quietWords(campaign) {
  if (campaign.state === "paused") return "It is paused.";
  if (campaign.state !== "running") return "It does not run.";
  return isFlat(campaign) ? `It waits for “${campaign.event}”.` : `${startWords(campaign.start)}.`;
}

function Actions({ campaign, provider, reload }) {
  const act = async (verb, done, body = undefined) => {
    try {
      await post(`/campaigns/${encodeURIComponent(campaign.id)}/${verb}`, body);
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
  const publish = async () => (await askToPublish(campaign.name, publishingLines(documentOf(campaign), provider)))
    && act("publish", `${campaign.name} runs.`);
  const pause = () => act("pause", `${campaign.name} is paused: nobody enters, and nobody inside goes on.`);
  const resume = async () => {
    try {
      const body = await askToResume(campaign);
      if (body) act("resume", `${campaign.name} goes on.`, body);
    } catch (error) {
      toast(error.message);
    }
  };
  const isSound = !Object.keys(campaign.problems ?? {}).length;
  const sends = sendIds(campaign.steps);
  return html`<a class="button" href="${campaignAt(campaign.id)}/edit"><${Icon} name="edit" size=${14} />Edit</a>
    ${sends.length > 0 && html`<${SendMeATest} subject=${() => ({ campaign_id: campaign.id })} sends=${sends} />`}
    ${campaign.state === "running" && html`<button type="button" class="button" onClick=${pause}><${Icon} name="pause"
      size=${13} />Pause</button>`}
    ${IN_USE.includes(campaign.state) && html`<button type="button" class="button danger" onClick=${stop}>
      <${Icon} name="stop" size=${13} />Stop</button>`}
    ${campaign.state === "paused" && html`<button type="button" class="button primary"
      onClick=${resume}><${Icon} name="play" size=${13} />Resume</button>`}
    ${!IN_USE.includes(campaign.state) && isSound && html`<button type="button" class="button primary"
      onClick=${publish}>Publish…</button>`}`;
}

const stopping = (campaign) => ({
  title: `Stop ${campaign.name}?`, yes: "Stop", waiting: funnelOf(campaign.funnel).queued,
  body: html`<p>${isFlat(campaign) ? "Events from now on are not answered."
    : "Nobody enters from now on, and everybody inside leaves."} You can publish it again.</p>`,
});
