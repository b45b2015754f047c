// Settings > Account: what holds over all campaigns. Saving says before what it changes, and never over somebody else.
import { html, useState } from "/static/shared/ui/preact.js";
import { Form, Save } from "/static/shared/ui/form/form.js";
import { broken } from "/static/shared/ui/form/model.js";
import { useForm } from "/static/shared/ui/form/use-form.js";
import { useAnswer, useRested } from "/static/shared/ui/answer.js";
import { useGround } from "/static/shared/ui/ground.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { together } from "/static/shared/ui/together.js";
import { get, post, put, session } from "../api.js";
import { draftOf, payloadOf, rulesOf } from "../account-draft.js";
import { changed, useData } from "../data.js";
import { Audiences } from "../parts/account-audiences.js";
import { Guards } from "../parts/account-guards.js";
import { useGuard } from "../parts/guard.js";
import { SendingSwitch } from "../parts/sending-switch.js";
import { useVocabulary } from "../parts/vocabulary-store.js";
import { Page } from "../shell.js";

const PATH = "/account-settings";
const TOPICS = /** @type {const} */ (["campaigns"]); // what is saved of the account is saved with them
const LEAD = "What holds over all campaigns, from the next message on.";
const REST_MS = 400;

export default function Account() {
  const account = useData(PATH, TOPICS);
  const { data: all, error, isLoading, reload } = together({ account, vocabulary: useVocabulary() });
  const ground = useGround({ data: all?.account, isLoading });
  const { data } = ground;
  const show = (saved) => { ground.release(); account.put(saved); };
  return html`<${Page} title="Account" crumbs=${[["Settings"], ["Account"]]} lead=${LEAD}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${data ? html`<${Settings} key=${data.version} data=${data} hold=${ground.hold} show=${show}
        restart=${() => { ground.restart(); reload(); }} />`
      : !error && html`<div class="card"><${Bones} rows=${10} /></div>`}<//>`;
}

/** Shows what the server answered, and tells the rest of the application whether sending is paused. */
function useShown(show) {
  return (saved) => {
    session.value = { ...session.value, is_sending_paused: saved.is_paused };
    show(saved);
    changed(...TOPICS);
  };
}

function Settings({ data, hold, show, restart }) {
  const shown = useShown(show);
  const [stale, setStale] = useState(null); // what somebody else saved meanwhile
  const save = async (values, version = data.version) => {
    try {
      const saved = await put(PATH, { ...payloadOf(values), is_paused: data.is_paused, version });
      toast("Saved. It holds from the next message on.");
      shown(saved);
    } catch (error) {
      if (error.code !== "stale") throw error;
      setStale(await get(PATH));
      throw error;
    }
  };
  const form = useForm({ first: draftOf(data), rules: rulesOf, save });
  hold(form.isDirty);
  useGuard(form.isDirty && !form.isBusy);
  return html`<div class="stack">
    <${SendingSwitch} data=${data} shown=${shown} isBlocked=${form.isDirty} />
    <${Form} form=${form}>
      ${stale && html`<${Clash} onTheirs=${restart} onMine=${() => save(form.values, stale.version)} />`}
      <${Guards} form=${form} />
      <${Audiences} form=${form} used=${data.used} />
      <div class="bar"><div class="grow"><${Effects} form=${form} version=${data.version} /></div>
        <div class="row push">
          ${form.isDirty && html`<button type="button" class="button" onClick=${form.reset}>Undo changes</button>`}
          <${Save} form=${form} /></div></div><//></div>`;
}

const Clash = ({ onTheirs, onMine }) => html`<div class="banner warn" role="alert">
  <p class="grow">Somebody else saved the account meanwhile.</p>
  <button type="button" class="button little" onClick=${onTheirs}>Load theirs</button>
  <button type="button" class="button little danger" onClick=${onMine}>Save mine over it</button></div>`;

const isBroken = (values) => Object.keys(broken(values, rulesOf(values))).length > 0;

/** What saving would change, in sentences. */
function Effects({ form, version }) {
  const values = useRested(form.values, REST_MS);
  const asked = form.isDirty && !isBroken(values) ? { ...payloadOf(values), version } : null;
  const { data, error } = useAnswer(asked, (question, signal) => post(`${PATH}/effects`, question, { signal }));
  const effects = error ? [] : data?.effects ?? []; // what is wrong with the form is said when it is saved
  if (!form.isDirty) return html`<span class="muted small" role="status">Saved</span>`;
  return html`<div class="small" role="status"><span class="muted">${effects.length ? "Saving changes this:"
    : "Not saved yet"}</span>${effects.length > 0 && html`<ul class="bullets">${effects.map((text) => html`
      <li key=${text}>${text}</li>`)}</ul>`}</div>`;
}
