// One provider: the form, the test beside it, saving.
import { html, useState } from "/static/shared/ui/preact.js";
import { DraftIsBack, draftKey, dropDraft, useKeeping, useKept } from "/static/shared/ui/draft.js";
import { Icon } from "/static/shared/ui/icons.js";
import { useProblem } from "/static/shared/ui/problems.js";
import { useResource } from "/static/shared/ui/resource.js";
import { go } from "/static/shared/ui/router.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { get, post, put, session } from "../api.js";
import { Errors } from "../parts/errors.js";
import { useGuard } from "../parts/guard.js";
import { ProviderForm } from "../parts/provider-form.js";
import { RefusedCallbacks } from "../parts/refused.js";
import { TestSend } from "../parts/test-send.js";
import { SMS, SMS_CRUMBS } from "../places.js";
import { blank, draftOf, payloadOf, startedFrom, templateProblem } from "../provider-draft.js";
import { withoutSecrets } from "../provider-secrets.js";
import { Page } from "../shell.js";

async function load(id, signal) {
  const provider = id ? await get(`/providers/${encodeURIComponent(id)}`, { signal }) : null;
  const start = provider ? draftOf(provider) : blank(await post("/providers/new"));
  const { presets } = await get(`/providers/presets?${new URLSearchParams({ provider_id: start.id })}`, { signal });
  return { start, presets, isArchived: Boolean(provider?.archived_at) };
}

export default function ProviderEdit({ id }) {
  const { data, error, reload } = useResource((signal) => load(id, signal), [id ?? ""]);
  const [round, setRound] = useState(0); // begins anew without what was written
  const key = draftKey(session.value, `provider ${id ?? "new"}`);
  const restart = () => { dropDraft(key); setRound(round + 1); };
  const title = id ? data?.start.nickname ?? "Provider" : "Add provider";
  return html`<${Page} title=${title} crumbs=${[...SMS_CRUMBS, [title]]}>
    ${data ? html`<${Editor} key=${round} id=${id} ...${data} place=${key} restart=${restart} />`
      : error ? html`<${Failure} error=${error} retry=${reload} />` : html`<div class="card"><${Bones} rows=${9} />
        </div>`}<//>`;
}

/**
 * The draft in the form, whether it differs from what is stored, and saving it.
 * `kept` is one that was written before, at `place`.
 */
function useDraft(id, start, kept, place) {
  const [draft, setDraft] = useState({ ...start, ...kept });
  const { problem, errors, show } = useProblem(payloadOf(draft));
  const [isBusy, setBusy] = useState(false);
  const isDirty = JSON.stringify(payloadOf(draft)) !== JSON.stringify(payloadOf(start));
  const store = async () => {
    const payload = payloadOf(draft);
    const saved = await (id ? put(`/providers/${encodeURIComponent(id)}`, payload) : post("/providers", payload));
    dropDraft(place);
    toast([`${payload.nickname} is saved.`, ...Object.values(saved.warnings ?? {})].join(" "));
    await go(SMS, { isForced: true });
  };
  const save = () => {
    if (isBusy) return;
    setBusy(true);
    store().catch((error) => { show(withTemplate(error, draft)); setBusy(false); });
  };
  return { draft, setDraft, problem, errors, show, isDirty, isBusy, save };
}

/** The server looks at the template once all else is well; we tell both at once. */
function withTemplate(error, draft) {
  const wrong = Object.keys(error.fields ?? {}).length && templateProblem(draft);
  if (!wrong) return error;
  return { ...error, message: error.message, fields: { "parameters.template": wrong, ...error.fields } };
}

function Editor({ id, start, presets, isArchived, place, restart }) {
  const kept = useKept(place);
  const { draft, setDraft, problem, errors, show, isDirty, isBusy, save } = useDraft(id, start, kept?.value, place);
  useKeeping(place, isDirty, withoutSecrets(draft));
  useGuard(isDirty && !isBusy, () => dropDraft(place));
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
    <${DraftIsBack} kept=${kept} onDrop=${restart}>
      <p>Credentials that you had typed were not kept: enter them again.
        ${!id && " The callback URL is a new one."}</p><//>
    ${isArchived && html`<div class="banner"><${Icon} name="archive" />
      <p class="grow">This provider is archived: nothing is sent through it.</p></div>`}
    <div class="beside">
      <form class="stack" id="provider" onSubmit=${submit} noValidate>
        <${Errors} problem=${problem} errors=${errors} />
        <${ProviderForm} draft=${draft} set=${(key, value) => setDraft((old) => ({ ...old, [key]: value }))}
          errors=${errors} presets=${presets} onPreset=${fill} note=${note} />
      </form>
      <aside aria-label="Try it" class="stack">
        <${TestSend} draft=${draft} onProblem=${(error) => show(withTemplate(error, draft))} />
        ${id && html`<${RefusedCallbacks} id=${id} />`}</aside>
    </div>
    <div class="bar"><span class="muted small" role="status">
      ${isDirty ? "Not saved yet" : id ? "Saved" : "New provider"}</span>
      <div class="row push"><a class="button" href=${SMS}>Cancel</a>
        ${!isArchived && html`<button class="button primary" form="provider"
          aria-disabled=${isBusy ? "true" : undefined}>
          ${isBusy ? "Saving…" : "Save"}</button>`}</div></div>`;
}
