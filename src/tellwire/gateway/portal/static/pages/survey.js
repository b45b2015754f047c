// One survey: how it does, what was answered, and where to send it.
import { html, useState } from "/static/shared/ui/preact.js";
import { CopyButton } from "/static/shared/ui/copy.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Icon } from "/static/shared/ui/icons.js";
import { usePaged } from "/static/shared/ui/paged.js";
import { query } from "/static/shared/ui/request.js";
import { go } from "/static/shared/ui/router.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { Time } from "/static/shared/ui/time.js";
import { toast } from "/static/shared/ui/toast.js";
import { moment, number, when } from "/static/shared/ui/words.js";
import { API, del, get, may } from "../api.js";
import { useData } from "../data.js";
import { SURVEYS, messageAt } from "../places.js";
import { Page } from "../shell.js";
import { SurveyForm, valuesOf } from "../survey-form.js";
import { Share, State } from "./surveys.js";

export default function SurveyPage({ id }) {
  const at = `/surveys/${encodeURIComponent(id)}`;
  const { data: survey, error, reload } = useData(at, ["surveys", "messages"]);
  const [isOpen, setOpen] = useState(false);
  const isAllowed = may("developer");
  const saved = () => {
    setOpen(false);
    reload();
    toast("The survey is changed, for links that were sent before too.");
  };
  const drop = async () => {
    const isSure = await ask({ title: `Delete ${survey.title}?`,
      body: html`<p>All that was answered is deleted too, and links to it end. This cannot be undone.</p>`,
      yes: "Delete the survey", isDangerous: true });
    if (!isSure) return;
    await del(at).then(() => { toast(`${survey.title} is deleted.`); go(SURVEYS); },
      (problem) => toast(problem.message));
  };
  return html`<${Page} title=${survey?.title ?? "Survey"}
    lead=${survey && html`<span class="mono">${survey.id}</span> of ${survey.subaccount}`}
    actions=${survey && isAllowed && html`<a class="button" href="${API}${at}/answers.csv" download>
      <${Icon} name="file" size=${14} />CSV</a>
      <button type="button" class="button" onClick=${() => setOpen(true)}>Change</button>
        <button type="button" class="button danger" onClick=${drop}>Delete</button>`}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${!survey ? !error && html`<div class="card"><${Bones} rows=${6} /></div>` : html`
      <dl class="figures">
        ${[["Sent", survey.counts.sent], ["Opened", survey.counts.opened],
        ["Answered", survey.counts.answered]].map(([name, count]) => html`<div class="card figure" key=${name}>
        <dt class="small muted">${name}</dt><dd class="big number">${number(count)}</dd></div>`)}
        <div class="card figure"><dt class="small muted">Takes answers</dt><dd class="stack close"><span>
          <${State} survey=${survey} /></span><span class="small">
          ${survey.closes_at ? `until ${moment(survey.closes_at)}` : "for 48 hours after each message"}</span></dd>
          </div></dl>
      ${survey.results.map((result, place) => html`<${Result} key=${result.id} ...${{ result, place }} />`)}
      <${Answers} ...${{ at, survey }} />
      <${HowToSend} survey=${survey} />`}
    ${isOpen && html`<${SurveyForm} first=${valuesOf(survey)} subaccounts=${[]} onClose=${() => setOpen(false)}
      onSaved=${saved} />`}<//>`;
}

const Result = ({ result, place }) => html`<section class="card" aria-label="Question ${place + 1}"><div class="head">
  <h2>${result.text}</h2><span class="small muted push">${number(result.answered)} answered</span></div>
  ${result.kind === "text"
    ? html`<p class="body small muted">People answer in their own words; they are in the list below.</p>`
  : html`<ul class="tallies body">
    ${result.choices.map((choice) => html`<li key=${choice.id}><span class="break">${choice.text}</span>
    <${Share} count=${choice.count} of=${result.answered} /></li>`)}</ul>`}</section>`;

function Answers({ at, survey }) {
  const list = usePaged(async (before, signal) => {
    const { answered, next } = await get(`${at}/answers${query({ before })}`, { signal });
    return { rows: answered, next };
  }, [at]);
  if (survey.is_private) return html`<p class="small muted">What people wrote is shown to developers and owners.</p>`;
  return html`<section class="card" aria-label="Answers"><div class="head"><h2>Answers</h2>
    <button type="button" class="button quiet little push" onClick=${list.reload}>
    <${Icon} name="again" size=${13} />Refresh</button></div>
    ${list.error && html`<div class="body"><${Failure} error=${list.error} retry=${list.reload} /></div>`}
    ${!list.isLoaded ? !list.error && html`<${Bones} rows=${4} />` : list.rows.length === 0
      ? html`<${Empty} title="Nobody has answered yet"><p>Answers stand here as soon as they come.</p><//>`
    : html`<ul class="answered">
      ${list.rows.map((one) => html`<li key=${one.id}><div class="row small">
      <${Time} class="number muted" at=${one.answered} as=${when} />
      <a class="id mono push" href=${messageAt(one.umid)}>${one.umid}</a></div>
      <dl class="facts">
        ${one.answers.map((answer) => html`<dt key=${`q${answer.questionId}`}>${answer.question}</dt><dd class="words">
        ${answer.answer}</dd>`)}</dl></li>`)}</ul>
      ${list.next && html`<div class="more">
        <button type="button" class="button" onClick=${list.more}>Older answers</button></div>`}`}</section>`;
}

function HowToSend({ survey }) {
  const url = `${location.origin}/api/v1/subaccounts/${survey.subaccount}/surveys/${survey.id}/messages`;
  const body = `{"destination": "+6591234567", "templateBody": "Hello {{name}}, how was it? {{url:name}}",
    "templateVariables": {"name": "Ana"}}`;
  const command = `curl -X POST ${url} \\
  -H 'Authorization: Bearer <API key>' -H 'Content-Type: application/json' \\
  -d '${body}'`;
  return html`<section class="card" aria-label="How to send it"><div class="head"><h2>How to send it</h2></div>
    <div class="body"><div class="code"><pre tabindex="0" aria-label="A request that sends it">${command}</pre>
    <${CopyButton} text=${command} label="Copy" /></div></div></section>`;
}
