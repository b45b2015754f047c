// Keywords: own words and answers of the account, the words that everybody knows, and what a text would mean.
import { html, useEffect, useState } from "/static/shared/ui/preact.js";
import { Field, TextField, Toggle } from "/static/shared/ui/fields.js";
import { Form, Save } from "/static/shared/ui/form/form.js";
import { useForm } from "/static/shared/ui/form/use-form.js";
import { useRested } from "/static/shared/ui/answer.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { get, put, query } from "../api.js";
import { useData } from "../data.js";
import { draftOf, errorsOf, repliesOf, rules } from "../keyword-draft.js";
import { Card } from "./card.js";
import { useGuard } from "./guard.js";
import { KnownWords } from "./known-words.js";

const ACCOUNT = "/account-settings";
const REST_MS = 300;
const MEANINGS = [
  ["stop", "Stop", "The number is suppressed at once, before any campaign hears of it.", "Confirm once"],
  ["start", "Start", "The number is released.", "Confirm if it was suppressed"],
  ["help", "Help", "Answered at most once an hour.", "Answer"],
];

export function Keywords() {
  const account = useData(ACCOUNT, ["campaigns"]);
  const known = useData("/keywords", [], { everyMs: null });
  const failed = [account, known].find((one) => one.error && !one.data);
  if (failed) return html`<${Failure} error=${failed.error} retry=${failed.reload} />`;
  if (!account.data || !known.data) return html`<div class="card"><${Bones} rows=${10} /></div>`;
  return html`<div class="stack"><${Own} key=${account.data.version} account=${account.data} known=${known.data}
    reload=${account.reload} /><${Try} /><${KnownWords} rows=${known.data.rows} /></div>`;
}

function Own({ account, known, reload }) {
  const save = async (values) => {
    try {
      await put(ACCOUNT, { ...account, account: { ...account.account, replies: repliesOf(values) } });
    } catch (error) {
      error.fields = errorsOf(error.fields ?? {});
      throw error;
    }
    toast("Saved. It holds for the next text.");
    reload();
  };
  const form = useForm({ first: draftOf(account.account.replies), rules, save });
  useGuard(form.isDirty && !form.isBusy);
  return html`<${Form} form=${form}>
    ${MEANINGS.map(([key, title, does, verb]) => html`<${Meaning} key=${key} form=${form} place=${key} title=${title}
      does=${does} verb=${verb} usual=${known.answers[key]} />`)}
    <${Card} title="Left out"><${TextField} ...${form.field("without")} label="Known words that mean nothing here"
      hint="With commas between them. Where carriers require a word it counts all the same." /><//>
    <div class="bar"><div class="row push">
      ${form.isDirty && html`<button type="button" class="button" onClick=${form.reset}>Undo changes</button>`}
      <${Save} form=${form} /></div></div><//>`;
}

function Meaning({ form, place, title, does, verb, usual }) {
  const { value, error, onValue } = form.field(`${place}.text`);
  const isOn = form.field(`${place}.confirm`);
  return html`<${Card} title=${title}>
    <p class="muted small">${does}</p>
    <${TextField} ...${form.field(`${place}.words`)} label="Own words" optional=${true}
      hint="With commas between them; each counts as a whole text only, in any case" />
    <${Toggle} label=${verb} checked=${isOn.value} onValue=${isOn.onValue} />
    ${isOn.value && html`<${Field} label="Text" error=${error} hint=${usual && `Without one: ${usual}`}>${(tie) => html`
      <textarea class="textarea" rows="2" maxlength="600" ...${tie} value=${value}
        onInput=${(event) => onValue(event.currentTarget.value)} />`}<//>`}<//>`;
}

const WORDS = { stop: "It means stop.", start: "It means start.", help: "It asks for help." };

/** What a text would mean, asked of the server as it is typed. */
function Try() {
  const [asked, setAsked] = useState({ text: "", country: "" });
  const [says, setSays] = useState("");
  const rested = useRested(asked, REST_MS);
  useEffect(() => {
    const abort = new AbortController();
    if (!rested.text.trim()) setSays("");
    else {
      get(`/keywords/meaning${query(rested)}`, { signal: abort.signal }).then(
        ({ keyword }) => setSays(WORDS[keyword] ?? "It is a text like any other."), () => {});
    }
    return () => abort.abort();
  }, [rested]);
  return html`<${Card} title="Try a text"><div class="halves">
    <${TextField} label="Text" value=${asked.text} onValue=${(text) => setAsked((old) => ({ ...old, text }))} />
    <${TextField} label="Country of the number" placeholder="SG" maxlength="2" optional=${true} value=${asked.country}
      onValue=${(country) => setAsked((old) => ({ ...old, country }))} /></div>
    <p role="status">${says || html`<span class="muted">As saved, not as typed above.</span>`}</p><//>`;
}
