// One provider: the form, the test beside it, saving.
import { html, useState } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { useResource } from "/static/shared/ui/resource.js";
import { go } from "/static/shared/ui/router.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { get, post, put } from "../api.js";
import { Errors } from "../parts/errors.js";
import { useGuard } from "../parts/guard.js";
import { ProviderForm } from "../parts/provider-form.js";
import { RefusedCallbacks } from "../parts/refused.js";
import { TestSend } from "../parts/test-send.js";
import { SMS, SMS_CRUMBS } from "../places.js";
import { blank, draftOf, payloadOf, startedFrom, templateProblem } from "../provider-draft.js";
import { Page } from "../shell.js";

async function load(id, signal) {
  const provider = id ? await get(`/providers/${encodeURIComponent(id)}`, { signal }) : null;
  const start = provider ? draftOf(provider) : blank(await post("/providers/new"));
  const { presets } = await get(`/providers/presets?${new URLSearchParams({ provider_id: start.id })}`, { signal });
  return { start, presets, isArchived: Boolean(provider?.archived_at) };
}

export default function ProviderEdit({ id }) {
  const { data, error, reload } = useResource((signal) => load(id, signal), [id ?? ""]);
  const title = id ? data?.start.nickname ?? "Provider" : "Add provider";
  return html`<${Page} title=${title} crumbs=${[...SMS_CRUMBS, [title]]}>
    ${data ? html`<${Editor} id=${id} ...${data} />`
      : error ? html`<${Failure} error=${error} retry=${reload} />` : html`<div class="card"><${Bones} rows=${9} /></div>`}<//>`;
}

/** The draft in the form, whether it differs from what is stored, and saving it. */
function useDraft(id, start) {
  const [draft, setDraft] = useState(start);
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const isDirty = JSON.stringify(payloadOf(draft)) !== JSON.stringify(payloadOf(start));
  const store = async () => {
    const payload = payloadOf(draft);
    const saved = await (id ? put(`/providers/${encodeURIComponent(id)}`, payload) : post("/providers", payload));
    toast([`${payload.nickname} is saved.`, ...Object.values(saved.warnings ?? {})].join(" "));
    await go(SMS, { isForced: true });
  };
  const save = () => {
    const wrong = templateProblem(draft);
    if (wrong) return setProblem({ message: "The JSON body needs attention.", fields: { "parameters.template": wrong } });
    if (isBusy) return;
    setBusy(true);
    store().catch((error) => { setProblem(error); setBusy(false); });
  };
  return { draft, setDraft, problem, isDirty, isBusy, save };
}

function Editor({ id, start, presets, isArchived }) {
  const { draft, setDraft, problem, isDirty, isBusy, save } = useDraft(id, start);
  useGuard(isDirty && !isBusy);
  const [note, setNote] = useState(null);
  const fill = (key) => {
    const preset = presets.find((one) => one.key === key);
    if (!preset) return;
    setDraft(startedFrom(preset, draft));
    setNote(preset);
    toast(`Filled in for ${preset.name}. Put in your own where it says YOUR_…`,
      { label: "Undo", run: () => { setDraft(draft); setNote(note); } });
  };
  const submit = (event) => { event.preventDefault(); save(); };
  return html`
    ${isArchived && html`<div class="banner"><${Icon} name="archive" />
      <p class="grow">This provider is archived: nothing is sent through it.</p></div>`}
    <div class="beside">
      <form class="stack" id="provider" onSubmit=${submit} noValidate>
        <${Errors} error=${problem} />
        <${ProviderForm} draft=${draft} set=${(key, value) => setDraft((old) => ({ ...old, [key]: value }))}
          errors=${problem?.fields ?? {}} presets=${presets} onPreset=${fill} note=${note} />
      </form>
      <aside aria-label="Try it" class="stack"><${TestSend} draft=${draft} />${id && html`<${RefusedCallbacks} id=${id} />`}</aside>
    </div>
    <div class="bar"><span class="muted small" role="status">${isDirty ? "Not saved yet" : id ? "Saved" : "New provider"}</span>
      <div class="row push"><a class="button" href=${SMS}>Cancel</a>
        ${!isArchived && html`<button class="button primary" form="provider" aria-disabled=${isBusy ? "true" : undefined}>
          ${isBusy ? "Saving…" : "Save"}</button>`}</div></div>`;
}
