// One campaign: what it does, what became of it, why some got nothing.
import { html, useMemo } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { Time } from "/static/shared/ui/time.js";
import { together } from "/static/shared/ui/together.js";
import { prefetch as fetchAhead, useData } from "../data.js";
import { publishingLines } from "../document/blocks.js";
import { documentOf } from "../document/document.js";
import { hasWinner, isFlat, isOneMessage, isScheduled, startWords } from "../journey-words.js";
import { Archived } from "../parts/archived.js";
import { Actions } from "../parts/campaign-actions.js";
import { Facts } from "../parts/campaign-facts.js";
import { History } from "../parts/campaign-history.js";
import { Standing } from "../parts/campaign-state.js";
import { pathOf } from "../parts/campaign-writes.js";
import { Card } from "../parts/card.js";
import { place } from "../parts/errors.js";
import { Funnel, Reasons } from "../parts/figures.js";
import { Calls, Goal } from "../parts/goal.js";
import { Inside, Overdue } from "../parts/inside.js";
import { Journey, Lines } from "../parts/journey.js";
import { MessageTable } from "../parts/message-table.js";
import { Runs } from "../parts/runs.js";
import { Trial } from "../parts/trial.js";
import { useVocabulary } from "../parts/vocabulary-store.js";
import { WhySoFew } from "../parts/why-so-few.js";
import { campaignAt } from "../places.js";
import { funnelOf, messageOf } from "../shape.js";
import { Page } from "../shell.js";
import { sentence, when } from "../words.js";

const IN_USE = ["running", "paused"];
const AGAIN_MS = 5000; // who is decided on when a wait ends moves no topic
const FIGURES = /** @type {const} */ (["campaigns", "events", "messages"]);
const CAMPAIGN = /** @type {const} */ (["campaigns", "messages"]);

export const prefetch = ({ id }) => fetchAhead(pathOf(id), CAMPAIGN);

/** All that the page shows; what only some campaigns have is asked for once it is known that this one has it. */
function useCampaign(id) {
  const at = pathOf(id);
  const campaign = useData(at, CAMPAIGN, { everyMs: AGAIN_MS });
  const { start, steps } = campaign.data ?? {};
  const [hasRuns, hasTrials] = [Boolean(start && isScheduled(start)), Boolean(steps && hasWinner(steps))];
  const runs = useData(hasRuns ? `${at}/runs` : null, FIGURES, { everyMs: AGAIN_MS });
  const trials = useData(hasTrials ? `${at}/trials?limit=5` : null, FIGURES);
  const all = together({
    campaign, runs: hasRuns && runs, trials: hasTrials && trials,
    inside: useData(`${at}/inside`, FIGURES, { everyMs: AGAIN_MS }),
    messages: useData(`/messages?limit=20&campaign_id=${encodeURIComponent(id)}`, ["messages"]),
    providers: useData("/providers", ["providers"]), vocabulary: useVocabulary(),
  });
  return { ...all, data: all.data && { ...all.data, provider: providerOf(all.data) } };
}

const providerOf = ({ campaign, providers: { providers } }) => providers.find((one) =>
  (campaign.provider_id ? one.id === campaign.provider_id : one.is_default && !one.archived_at));

export default function Campaign({ id }) {
  const { data, error, reload } = useCampaign(id);
  const campaign = data?.campaign;
  const title = campaign?.name ?? "Campaign";
  return html`<${Page} title=${title} crumbs=${[["Campaigns", "/campaigns"], [title]]}
    mark=${campaign && html`<${Mark} campaign=${campaign} />`}
    actions=${data && html`<${Actions} ...${{ campaign, provider: data.provider }} />`}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${data && html`<${Archived} campaign=${campaign} />`}
    ${data ? html`<${Report} ...${data} reload=${reload} />`
      : !error && html`<div class="card"><${Bones} rows=${8} /></div>`}
  <//>`;
}

/** How it stands, and when it goes on by its schedule. */
const Mark = ({ campaign }) => html`<${Standing} of=${campaign} />
  ${campaign.next_at && campaign.state === "running" && html`<span class="muted small nowrap">next
    ${" "}<${Time} at=${campaign.next_at} as=${when} /></span>`}`;

function Report({ campaign, provider, inside, runs, trials, messages, reload }) {
  const numbers = funnelOf(campaign.funnel);
  const isOne = isOneMessage(campaign.steps);
  return html`
    <${Problems} campaign=${campaign} />
    <${Facts} facts=${campaign.facts} />
    <${Overdue} inside=${inside} />
    ${!isOne && html`<${Journey} ...${{ campaign, inside }} />`}
    <div class="halves">
      <div class="stack">
        <${Card} title="From event to phone"><div>
          <${Funnel} numbers=${numbers} delivery=${campaign.delivery}
            first=${isFlat(campaign) ? "Events seen" : "Decided"} /></div><//>
        ${inside.ever > 0 && html`<${Inside} ...${{ campaign, inside }} hasSteps=${isOne} />`}
        ${trials?.trials.map((trial) => html`<${Trial} key=${trial.began_at + trial.step} trial=${trial} />`)}
        ${campaign.funnel?.goal && html`<${Goal} goal=${campaign.funnel.goal} />`}
        ${campaign.funnel && html`<${Calls} calls=${campaign.funnel.calls ?? {}} inside=${inside} />`}
        ${!isOne && html`<${Errors} numbers=${numbers} />`}</div>
      ${isOne && html`<div class="stack"><${Card} title="What it does">
        <${OneMessage} ...${{ campaign, provider }} /><//><${Errors} numbers=${numbers} /></div>`}
    </div>
    ${runs && html`<${Runs} ...${{ campaign, reload }} runs=${runs.runs} canResend=${canResend(campaign)} />`}
    ${campaign.published_version && html`<${WhySoFew} id=${campaign.id} />`}
    <${Recent} campaign=${campaign} messages=${messages.messages} />
    <${History} id=${campaign.id} />`;
}

const Errors = ({ numbers }) => numbers.failed > 0 && html`<${Reasons} title="Errors, by code" table=${numbers.errors}
  all=${numbers.messages} word=${sentence} />`;

const canResend = ({ state, steps, funnel }) => state === "running" && isOneMessage(steps)
  && funnelOf(funnel).failed > 0;

const OneMessage = ({ campaign, provider }) => html`
  <${Lines} lines=${publishingLines(documentOf(campaign), provider)} />
  <p class="bubble">${campaign.steps[0].send.text}</p>`;

function Problems({ campaign }) {
  const problems = Object.entries(campaign.problems ?? {});
  if (IN_USE.includes(campaign.state) || !problems.length) return null;
  return html`<div class="banner warn"><${Icon} name="info" />
    <div class="grow"><p class="strong">Before it can be published</p>
      <ul>${problems.map(([path, why]) => html`<li key=${path}>
        ${!isFlat(campaign) && `${place(path.replace(/\[(\d+)\]/g, ".$1"))}: `}${why}</li>`)}</ul></div>
    <a class="button little" href="${campaignAt(campaign.id)}/edit">Edit</a></div>`;
}

function Recent({ campaign, messages }) {
  const rows = useMemo(() => messages.map(messageOf), [messages]);
  return html`<section class="stack close" aria-label="Recent messages">
    <div class="row"><h2>Recent messages</h2>
      ${rows.length > 0
        && html`<a class="push small" href="/messages?campaign_id=${campaign.id}">All of them</a>`}</div>
    <${MessageTable} messages=${rows} hasCampaign=${false} hasTools=${false}
      empty=${html`<p class="empty">No message yet. ${quietWords(campaign)}</p>`} /></section>`;
}

function quietWords(campaign) {
  if (campaign.state === "paused") return "It is paused.";
  if (campaign.state !== "running") return "It does not run.";
  return isFlat(campaign) ? `It waits for “${campaign.event}”.` : `${startWords(campaign.start)}.`;
}
