// One provider: the form, the test beside it, saving.
import { html, useMemo, useState } from "/static/shared/ui/preact.js";
import { useAnswer } from "/static/shared/ui/answer.js";
import { DraftIsBack, draftKey, dropDraft, useKeeping, useKept } from "/static/shared/ui/draft.js";
import { useGround } from "/static/shared/ui/ground.js";
import { Icon } from "/static/shared/ui/icons.js";
import { useProblem } from "/static/shared/ui/problems.js";
import { go } from "/static/shared/ui/router.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { together } from "/static/shared/ui/together.js";
import { post, put, session } from "../api.js";
import { changed, useData } from "../data.js";
import { Errors } from "../parts/errors.js";
import { useGuard } from "../parts/guard.js";
import { ProviderForm } from "../parts/provider-form.js";
import { RefusedCallbacks } from "../parts/refused.js";
import { TestSend } from "../parts/test-send.js";
import { SMS, SMS_CRUMBS } from "../places.js";
import { blank, draftOf, payloadOf, startedFrom, templateProblem } from "../provider-draft.js";
import { withoutSecrets } from "../provider-secrets.js";
import { Page } from "../shell.js";

/** What the form begins with: what is stored, or a new id with its callback URL, which is asked for once. */
function useStart(id) {
  const stored = useData(id ? `/providers/${encodeURIComponent(id)}` : null, ["providers"]);
  const fresh = useAnswer(id ? null : "new", (_, signal) => post("/providers/new", undefined, { signal }));
  const provider = id ? stored.data : fresh.data;
  const named = provider && new URLSearchParams({ provider_id: provider.id });
  const presets = useData(named ? `/providers/presets?${named}` : null, [], { everyMs: null });
  const { data, error, isLoading, reload } = together({ provider: id ? stored : fresh, presets });
  const start = useMemo(() => data && startOf(id, data), [data?.provider, data?.presets]);
  const { data: ground, hold } = useGround({ data: start, isLoading });
  return { data: ground, error, reload, hold };
}

const startOf = (id, { provider, presets: { presets } }) => ({
  start: id ? draftOf(provider) : blank(provider), presets, isArchived: Boolean(id && provider.archived_at),
});

/** What tells one start from another: somebody else may have saved it. */
const textOf = ({ start, isArchived }) => JSON.stringify([payloadOf(start), isArchived]);

export default function ProviderEdit({ id }) {
  const { data, error, reload, hold } = useStart(id);
  const [round, setRound] = useState(0); // begins anew without what was written
  const key = draftKey(session.value, `provider ${id ?? "new"}`);
  const restart = () => { dropDraft(key); setRound(round + 1); };
  const title = id ? data?.start.nickname ?? "Provider" : "Add provider";
  return html`<${Page} title=${title} crumbs=${[...SMS_CRUMBS, [title]]}>
    ${data ? html`<${Editor} key=${`${round} ${textOf(data)}`} ...${{ id, ...data, hold, restart }} place=${key} />`
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
    changed("providers", "campaigns");
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

function Editor({ id, start, presets, isArchived, place, hold, restart }) {
  const kept = useKept(place);
  const { draft, setDraft, problem, errors, show, isDirty, isBusy, save } = useDraft(id, start, kept?.value, place);
  hold(isDirty);
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
