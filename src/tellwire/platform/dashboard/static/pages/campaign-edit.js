// Writing a campaign: the form, the live preview beside it, saving, publishing; one of several steps as YAML.
import { html, useState } from "/static/shared/ui/preact.js";
import { DraftIsBack, draftKey, dropDraft, useKeeping, useKept } from "/static/shared/ui/draft.js";
import { useResource } from "/static/shared/ui/resource.js";
import { here } from "/static/shared/ui/router.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { get, session } from "../api.js";
import { blank, draftOf, payloadOf } from "../campaign-draft.js";
import { isFlat } from "../journey-words.js";
import { CampaignForm } from "../parts/campaign-form.js";
import { StateBadge } from "../parts/campaign-state.js";
import { storedOf, useCampaignStore } from "../parts/campaign-store.js";
import { SendMeATest } from "../parts/campaign-test.js";
import { Card } from "../parts/card.js";
import { Errors } from "../parts/errors.js";
import { useGuard } from "../parts/guard.js";
import { Preview, usePreview } from "../parts/preview.js";
import { propertyChoices, useSampleProfile, useSamples } from "../parts/samples.js";
import { TryIt } from "../parts/try-it.js";
import { learn } from "../parts/vocabulary-store.js";
import { EXAMPLE, YamlEditor } from "../parts/yaml-editor.js";
import { campaignAt } from "../places.js";
import { Page } from "../shell.js";

async function load(id, isYaml, signal) {
  const at = encodeURIComponent(id);
  const wanted = id ? get(`/campaigns/${at}`, { signal }) : null;
  const [campaign, { providers }] = await Promise.all([wanted, get("/providers", { signal }), learn(signal)]);
  const base = { name: campaign?.name, state: campaign?.state ?? "draft", version: campaign?.version };
  if (campaign ? isFlat(campaign) : !isYaml) {
    return { ...base, start: campaign ? draftOf(campaign) : blank(), providers };
  }
  if (!campaign) return { ...base, text: EXAMPLE, people: 0 };
  const [text, { people }] = await Promise.all([
    get(`/export?campaign_id=${at}`, { signal }), get(`/campaigns/${at}/inside`, { signal }),
  ]);
  return { ...base, text, people };
}

export default function CampaignEdit({ id }) {
  const isYaml = !id && Boolean(here.value.query.yaml);
  const { data, error, reload } = useResource((signal) => load(id, isYaml, signal), [id ?? "", isYaml]);
  const [round, setRound] = useState(0); // begins anew without what was written
  const key = draftKey(session.value, `campaign ${id ?? (isYaml ? "new in YAML" : "new")}`);
  const restart = () => { dropDraft(key); setRound(round + 1); };
  const title = id ? data?.name ?? "Edit campaign" : "New campaign";
  const crumbs = [["Campaigns", "/campaigns"], ...(id ? [[title, campaignAt(id)], ["Edit"]] : [[title]])];
  const mark = data && html`<${StateBadge} state=${data.state} />`;
  const shown = data && { id, ...data, place: key, restart, reload };
  return html`<${Page} title=${title} crumbs=${crumbs} mark=${mark}>
    ${!shown ? error ? html`<${Failure} error=${error} retry=${reload} />`
      : html`<div class="card"><${Bones} rows=${9} /></div>`
      : "start" in shown ? html`<${Editor} key=${`${data.version} ${round}`} ...${shown} />`
      : html`<${YamlEditor} key=${`yaml ${data.version} ${round}`} ...${shown} />`}
  <//>`;
}

const providerFor = (draft, providers) =>
  providers.find((one) => (draft.provider ? one.id === draft.provider : one.is_default && !one.archived_at));

function Editor({ id, start, version, providers, place, restart, reload }) {
  const kept = useKept(place);
  const forget = () => dropDraft(place);
  const [draft, setDraft] = useState({ ...start, ...kept?.value.draft });
  const set = (key, value) => setDraft((old) => ({ ...old, [key]: value }));
  const provider = providerFor(draft, providers);
  const first = kept?.value.stored ?? storedOf({ id, start, version });
  const store = useCampaignStore({ first, draft, provider, onSaved: forget });
  useKeeping(place, store.isDirty, { draft, stored: store.stored });
  useGuard(store.isDirty && !store.isBusy, forget);
  const sample = useSample(draft);
  const submit = (event) => { event.preventDefault(); store.save(); };
  const loadTheirs = () => { restart(); reload(); };
  const isStale = store.problem?.code === "stale";
  return html`
    <${DraftIsBack} kept=${kept} onDrop=${restart} />
    <div class="beside">
      <form class="stack" id="campaign" onSubmit=${submit} noValidate>
        <${Errors} problem=${store.problem} errors=${store.errors}
          action=${isStale && html`<${Clash} store=${store} onTheirs=${loadTheirs} />`} />
        <${CampaignForm} ...${{ draft, set, providers, provider }} errors=${store.errors}
          names=${sample.names} properties=${sample.properties} />
      </form>
      <aside aria-label="Preview"><${Trial} ...${{ draft, set, provider, sample }} /></aside>
    </div>
    <${Bar} store=${store} isInUse=${["running", "paused"].includes(draft.state)} />`;
}

const Clash = ({ store, onTheirs }) => html`<div class="row">
  <button type="button" class="button little" onClick=${onTheirs}>Load theirs</button>
  <button type="button" class="button little danger" onClick=${store.overwrite}>Save mine over it</button></div>`;

/** The event and profile to preview with: recent ones, with what was typed over them. */
function useSample(draft) {
  const [id, setId] = useState("");
  const [typed, setTyped] = useState({ Event: {}, Profile: {} });
  const { names, events, eventProperties } = useSamples(draft.event);
  const event = events.find((one) => one.id === id) ?? events[0];
  const profile = useSampleProfile(event);
  return {
    names, events, event,
    properties: propertyChoices(eventProperties, profile),
    tried: { Event: { ...event?.properties, ...typed.Event }, Profile: { ...profile, ...typed.Profile } },
    choose: (chosen) => { setId(chosen); setTyped({ Event: {}, Profile: {} }); },
    type: (space, name, value) => setTyped({ ...typed, [space]: { ...typed[space], [name]: value } }),
  };
}

function Trial({ draft, set, provider, sample }) {
  const preview = usePreview(draft, sample.tried);
  const transliterate = (is) => set("content", { ...draft.content, transliterate: is });
  return html`<${Card} title="Preview">
    <${Preview} preview=${preview} sender=${provider?.nickname ?? "No provider yet"}
      isTransliterating=${draft.content.transliterate} onTransliterate=${transliterate} />
    <${TryIt} events=${sample.events} chosen=${sample.event} onChosen=${sample.choose} text=${draft.content.text}
      tried=${sample.tried} onTried=${sample.type} />
    <div><${SendMeATest} subject=${() => ({ campaign: payloadOf(draft) })} sends=${[]} values=${sample.tried} /></div>
  <//>`;
}

function Bar({ store, isInUse }) {
  const isBusy = store.isBusy ? "true" : undefined;
  return html`<div class="bar">
    <span class="muted small" role="status">${store.isDirty ? "Not saved yet" : store.id ? "Saved" : "New campaign"}
      </span>
    <div class="row push">
      <a class="button" href=${store.id ? campaignAt(store.id) : "/campaigns"}>Cancel</a>
      <button class="button ${isInUse ? "primary" : ""}" form="campaign" aria-disabled=${isBusy}>
        ${isInUse ? "Save changes" : "Save draft"}</button>
      ${!isInUse && html`<button type="button" class="button primary" aria-disabled=${isBusy}
        onClick=${store.publish}>Publish…</button>`}
    </div></div>`;
}
