// Settings > Engage > Channels > SMS: the providers we send through.
import { html, useMemo, useState } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { del, get, post } from "../api.js";
import { changed, prefetch as fetchAhead, useData } from "../data.js";
import { TrafficCells, TroubleRow } from "../parts/provider-traffic.js";
import { askToStop } from "../parts/stop.js";
import { SMS, SMS_CRUMBS, providerAt } from "../places.js";
import { Page } from "../shell.js";
import { count, zoned } from "../words.js";

const PROVIDERS = /** @type {const} */ (["/providers", ["providers"]]);
const TRAFFIC = /** @type {const} */ (["/providers/traffic", ["messages", "providers"]]);

export function prefetch() {
  fetchAhead(...PROVIDERS);
  fetchAhead(...TRAFFIC);
}

const add = html`<a class="button primary" href="${SMS}/new"><${Icon} name="plus" size=${14} />Add provider</a>`;

export default function Providers() {
  const { data, error, reload } = useData(...PROVIDERS);
  const traffic = useData(...TRAFFIC);
  const trafficOf = useMemo(() => traffic.data
    && new Map(traffic.data.traffic.map((row) => [row.provider_id, row])), [traffic.data]);
  const [isAll, setAll] = useState(false);
  const all = data?.providers ?? [];
  const archived = all.filter((one) => one.archived_at).length;
  const shown = all.filter((one) => isAll || !one.archived_at);
  return html`<${Page} title="SMS" crumbs=${SMS_CRUMBS} actions=${add}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${traffic.error && html`<${Failure} error=${traffic.error} retry=${traffic.reload} />`}
    ${(data || !error) && html`<section class="card" aria-label="Providers">
      ${!data ? html`<${Bones} rows=${4} />`
        : shown.length ? html`<${List} providers=${shown} traffic=${trafficOf} />` : html`<${None} />`}</section>`}
    ${archived > 0 && html`<div><button type="button" class="button quiet little" aria-expanded=${String(isAll)}
      onClick=${() => setAll(!isAll)}>
      ${isAll ? "Hide" : "Show"} archived (${archived})</button></div>`}<//>`;
}

const None = () => html`<${Empty} title="No provider yet">
  <p>A provider is the HTTP service that carries your messages: 8x8, Twilio, your own gateway. Tellwire needs one
    before a campaign can send.</p>
  ${add}<//>`;

const List = ({ providers, traffic }) => html`<table class="table providers">
  <thead><tr><th scope="col">Nickname</th><th scope="col">Last 24 hours</th>
    <th scope="col" class="number">Sent</th><th scope="col" class="number">Delivered</th>
    <th scope="col" class="number">Failed</th><th scope="col" class="number">Waiting</th>
    <th scope="col">State</th><th scope="col"><span class="unseen">Actions</span></th></tr></thead>
  <tbody>${providers.map((one) => html`<${Row} key=${one.id} provider=${one} traffic=${traffic?.get(one.id)}
    isKnown=${Boolean(traffic)} />`)}</tbody></table>`;

function Row({ provider, traffic, isKnown }) {
  const trouble = provider.archived_at ? null : traffic?.trouble;
  return html`<tr class=${trouble ? "has-below" : ""}>
    <td class="break"><a class="whole" href=${providerAt(provider.id)}>${provider.nickname}</a>
      <p class="tiny muted mono break">${provider.request_type} ${provider.endpoint}</p></td>
    ${isKnown ? html`<${TrafficCells} traffic=${traffic} />` : html`<td colspan="5"><${Bones} rows=${1} /></td>`}
    <td><${State} provider=${provider} trouble=${trouble} /></td>
    <td><div class="row tight above"><${Actions} ...${{ provider, traffic }} /></div></td></tr>
    ${trouble && html`<${TroubleRow} trouble=${trouble} columns=${8} />`}`;
}

function State({ provider, trouble }) {
  const badge = (tone, icon, word, title) => html`<span class="badge ${tone}" title=${title}><${Icon} name=${icon}
    size=${12} />${word}</span>`;
  if (provider.archived_at) return badge("", "archive", "Archived", zoned(provider.archived_at));
  const mark = provider.is_default && badge("accent", "star", "Default");
  if (trouble && !trouble.is_over) return html`${mark} ${badge("bad", "warning", "Trouble", trouble.reason)}`;
  return mark || badge("good", "check", "In use");
}

function Actions({ provider, traffic }) {
  const at = `/providers/${encodeURIComponent(provider.id)}`;
  const run = async (act) => {
    try {
      await act();
      changed("providers", "campaigns");
    } catch (error) {
      toast(error.message);
    }
  };
  const done = (text, campaigns, what) => {
    const also = campaigns.length ? ` ${count(campaigns.length, "campaign")} ${what} with it.` : "";
    return `${provider.nickname} ${text}.${also}`;
  };
  const makeDefault = () => run(async () => {
    await post(`${at}/default`);
    toast(`${provider.nickname} is the default now.`);
  });
  const restore = () => run(async () => {
    const { running } = await post(`${at}/restore`, { is_default: provider.is_default });
    toast(done("is in use again", running, "run again"));
  });
  const archive = () => run(async () => {
    const { campaigns } = await get("/campaigns");
    const queued = await askToStop(archiving(provider, usersOf(provider, campaigns), traffic?.waiting));
    if (!queued) return;
    const { stopped } = await post(`${at}/archive?queued=${queued}`);
    toast(done("is archived", stopped, "stopped"), { label: "Undo", run: restore });
  });
  const remove = () => run(async () => {
    if (!(await ask(removing(provider)))) return;
    await del(at);
    toast(`${provider.nickname} is deleted.`);
  });
  const button = (word, act) => html`<button type="button" class="button little quiet"
    aria-label="${word} ${provider.nickname}" onClick=${act}>${word}</button>`;
  if (provider.archived_at) return [isYoung(provider) && button("Restore", restore), button("Delete…", remove)];
  return html`${!provider.is_default && button("Make default", makeDefault)}${button("Archive…", archive)}`;
}

const UNDO_MS = 86_400_000; // as the server counts
const isYoung = ({ archived_at: at }) => Date.now() - Date.parse(at) < UNDO_MS;

/** The running campaigns that send through it: by its name, or because it is the default. */
const usersOf = (provider, campaigns) => campaigns.filter((one) => one.state === "running"
  && (one.provider_id ? one.provider_id === provider.id : provider.is_default));

const NAMED = 6; // campaigns; more would hide the question

function archiving(provider, users, waiting) {
  const named = users.filter((one) => one.provider_id);
  const others = users.filter((one) => !one.provider_id);
  const list = (campaigns) => html`<ul class="bullets">
    ${campaigns.slice(0, NAMED).map((one) => html`<li key=${one.id}>${one.name}</li>`)}
    ${campaigns.length > NAMED && html`<li>and ${count(campaigns.length - NAMED, "more", "more")}</li>`}</ul>`;
  return {
    title: `Archive ${provider.nickname}?`, yes: "Archive", waiting,
    body: html`
      ${named.length ? html`<p>${count(named.length, "campaign")} will stop:</p>${list(named)}`
        : html`<p>No running campaign names it.</p>`}
      ${others.length > 0 && html`<p>It is the default. ${count(others.length, "campaign names", "campaigns name")} no
        provider and will skip every event until another one is the default:</p>${list(others)}`}
      <p>Messages, receipts and figures stay. You can bring it back within a day, and what stopped with it.</p>`,
  };
}

const removing = (provider) => ({
  title: `Delete ${provider.nickname}?`, yes: "Delete", isDangerous: true,
  body: html`<p>Its settings and credentials are gone for good.</p>`,
});
