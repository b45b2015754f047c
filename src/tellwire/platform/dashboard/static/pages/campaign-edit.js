// Writing a campaign, new or known: its document, as blocks or as YAML.
import { html, useMemo, useState } from "/static/shared/ui/preact.js";
import { draftKey, dropDraft } from "/static/shared/ui/draft.js";
import { State } from "/static/shared/ui/badge.js";
import { useGround } from "/static/shared/ui/ground.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { together } from "/static/shared/ui/together.js";
import { session } from "../api.js";
import { useData } from "../data.js";
import { blankDocument, documentOf, withNicknames } from "../document/document.js";
import { Editor } from "../parts/editor/editor.js";
import { useVocabulary } from "../parts/vocabulary-store.js";
import { campaignAt } from "../places.js";
import { Page } from "../shell.js";

const TOPICS = /** @type {const} */ (["campaigns"]);

/** What the editor begins with, as the server has it now; nobody's writing is replaced when it changes there. */
function useStart(id) {
  const campaign = useData(id ? `/campaigns/${encodeURIComponent(id)}` : null, TOPICS);
  const { data, error, isLoading, reload } = together({
    campaign: Boolean(id) && campaign,
    providers: useData("/providers", ["providers"]),
    vocabulary: useVocabulary(),
  });
  const start = useMemo(() => data && startOf(data), [data?.campaign, data?.providers, data?.vocabulary]);
  const { data: ground, hold, restart } = useGround({ data: start, isLoading });
  return { data: ground, error, hold, reload: () => { restart(); reload(); } };
}

function startOf({ campaign, providers: { providers } }) {
  const document = campaign ? withNicknames(documentOf(campaign), providers) : blankDocument();
  return { document, providers, name: campaign?.name, state: campaign?.state ?? "draft",
    standing: campaign?.standing ?? "draft", version: campaign?.version };
}

export default function CampaignEdit({ id }) {
  const { data, error, hold, reload } = useStart(id);
  const [round, setRound] = useState(0); // begins anew without what was written
  const key = draftKey(session.value, `campaign ${id ?? "new"}`);
  const restart = () => { dropDraft(key); setRound(round + 1); };
  const title = id ? data?.name ?? "Edit campaign" : "New campaign";
  const crumbs = [["Campaigns", "/campaigns"], ...(id ? [[title, campaignAt(id)], ["Edit"]] : [[title]])];
  const mark = data && html`<${State} state=${data.standing} />`;
  return html`<${Page} title=${title} crumbs=${crumbs} mark=${mark}>
    ${data ? html`<${Editor} key=${`${data.version} ${round}`} ...${{ id, ...data, hold, restart, reload }}
        place=${key} />`
      : error ? html`<${Failure} error=${error} retry=${reload} />`
      : html`<div class="card"><${Bones} rows=${9} /></div>`}<//>`;
}
