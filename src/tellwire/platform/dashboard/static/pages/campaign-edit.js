// Writing a campaign, new or known: its document, as blocks or as YAML.
import { html, useState } from "/static/shared/ui/preact.js";
import { draftKey, dropDraft } from "/static/shared/ui/draft.js";
import { useResource } from "/static/shared/ui/resource.js";
import { here } from "/static/shared/ui/router.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { get, session } from "../api.js";
import { blankDocument, documentOf, withNicknames } from "../document/document.js";
import { StateBadge } from "../parts/campaign-state.js";
import { Editor } from "../parts/editor/editor.js";
import { learn } from "../parts/vocabulary-store.js";
import { campaignAt } from "../places.js";
import { Page } from "../shell.js";

/** What a new campaign begins with in YAML: who begins there wants to see how steps are written. */
const EXAMPLE = {
  name: "Abandoned cart", start: { event: "Added To Cart" }, key: "Event.cart_id",
  stop: { event: "Charged", same: "cart_id" },
  steps: [{ id: "pause", wait: { for: "30 minutes" } },
    { id: "remind", send: { text: "{{ Profile.Name }}, your cart is waiting." } }],
};

async function load(id, isYaml, signal) {
  const wanted = id ? get(`/campaigns/${encodeURIComponent(id)}`, { signal }) : null;
  const [campaign, { providers }] = await Promise.all([wanted, get("/providers", { signal }), learn(signal)]);
  const document = campaign ? withNicknames(documentOf(campaign), providers) : isYaml ? EXAMPLE : blankDocument();
  return { document, providers, name: campaign?.name, state: campaign?.state ?? "draft", version: campaign?.version };
}

export default function CampaignEdit({ id }) {
  const isYaml = Boolean(here.value.query.yaml);
  const { data, error, reload } = useResource((signal) => load(id, isYaml, signal), [id ?? "", isYaml]);
  const [round, setRound] = useState(0); // begins anew without what was written
  const key = draftKey(session.value, `campaign ${id ?? (isYaml ? "new in YAML" : "new")}`);
  const restart = () => { dropDraft(key); setRound(round + 1); };
  const title = id ? data?.name ?? "Edit campaign" : "New campaign";
  const crumbs = [["Campaigns", "/campaigns"], ...(id ? [[title, campaignAt(id)], ["Edit"]] : [[title]])];
  const mark = data && html`<${StateBadge} state=${data.state} />`;
  return html`<${Page} title=${title} crumbs=${crumbs} mark=${mark}>
    ${data ? html`<${Editor} key=${`${data.version} ${round}`} ...${{ id, ...data, isYaml, restart, reload }}
        place=${key} />`
      : error ? html`<${Failure} error=${error} retry=${reload} />`
      : html`<div class="card"><${Bones} rows=${9} /></div>`}<//>`;
}
