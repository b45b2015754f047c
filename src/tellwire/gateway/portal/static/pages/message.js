// One message: what became of it step by step, its text in parts, and its posts to customers.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { Status, lookOf } from "/static/shared/ui/badge.js";
import { Time } from "/static/shared/ui/time.js";
import { count, country, encodingName, moment, span, when } from "/static/shared/ui/words.js";
import { useData } from "../data.js";
import { Id } from "../id.js";
import { MESSAGES, handsetAt } from "../places.js";
import { Page } from "../shell.js";
import { PostList } from "./webhook-log.js";

const LIMITS = { GSM7: ["septets", 160, 153], UCS2: ["UTF-16 units", 70, 67] };

export default function MessagePage({ umid }) {
  const { data, error, reload } = useData(`/messages/${encodeURIComponent(umid)}`, ["messages"]);
  const crumbs = [["Messages", MESSAGES], ["Message"]];
  if (error?.status === 404) return html`<${Page} title="Message" crumbs=${crumbs}><div class="card">
    <${Empty} title="There is no such message"><p>No message has the id <span class="mono break">
    ${umid}</span>. It may have been deleted.</p><a class="button" href=${MESSAGES}>Search messages</a><//></div><//>`;
  return html`<${Page} title=${data ? `To ${data.to}` : "Message"} crumbs=${crumbs}
    mark=${data && html`<${Status} status=${data.status} detail=${data.detail} />`}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${data ? html`<${Whole} message=${data} reload=${reload} />` : !error
      && html`<div class="card"><${Bones} rows=${8} /></div>`}<//>`;
}

const Whole = ({ message, reload }) => html`<div class="halves">
  <div class="stack">
    <section class="card"><div class="head"><h2>What happened</h2></div><div class="body">
      <${Timeline} message=${message} /></div></section>
    <section class="card"><div class="head"><h2>Text</h2><span class="push small muted">
      ${encodingName(message.encoding)} · ${count(message.parts, "part")}</span></div>
      <div class="body stack close">
        ${message.is_private ? html`<p class="muted">Texts and full numbers are shown to developers and owners.</p>`
        : html`<p class="bubble">${message.text}</p>`}
        <${Cut} message=${message} /></div></section>
    ${message.callbacks.length > 0 && html`<${Waiting} callbacks=${message.callbacks} />`}
    ${message.tries.length > 0 && html`<${Posted} tries=${message.tries} reload=${reload} />`}
  </div>
  <section class="card"><div class="head"><h2>Facts</h2></div><div class="body"><${Facts} message=${message} /></div>
    </section></div>`;

function Timeline({ message }) {
  const steps = [
    { at: message.created_at, tone: "", icon: "message", word: "Accepted", note: message.due_at
      ? `to be sent ${moment(message.due_at)}` : "queued" },
    ...message.steps.map((step) =>
      ({ at: step.at, ...lookOf(step.status, step.detail), note: step.error_code
      ? `error ${step.error_code}: ${step.error}` : "" })),
  ];
  if (message.status === "queued" && message.attempts) steps.push({ at: null, tone: "going", icon: "clock",
    word: "Trying again", note: `${count(message.attempts, "attempt")} so far` });
  return html`<ol class="timeline">
    ${steps.map((step, at) => html`<li key=${at}><span class="knob ${step.tone}">
    <${Icon} name=${step.icon} size=${13} /></span>
    <div><p class="strong">${step.word}</p>${step.note && html`<p class="small muted">${step.note}</p>`}</div>
    ${step.at && html`<p class="small muted number"><${Time} at=${step.at} as=${when} />
      ${at > 0 && new Date(step.at) > new Date(steps[at - 1].at)
      && html`<br /><span class="tiny">+${span(steps[at - 1].at, step.at)}</span>`}</p>`}</li>`)}</ol>`;
}

function Cut({ message }) {
  const [units, alone, each] = LIMITS[message.encoding] ?? ["units", 160, 153];
  const limit = message.cut.length > 1 ? each : alone;
  const carried = new Map(message.carried.map((part) => [part.number, part]));
  return html`<table class="table stacked"><caption class="unseen">Parts</caption><thead><tr><th scope="col">Part</th>
    <th scope="col" class="number">${units}</th><th scope="col">Carrier's id</th><th scope="col">Status</th></tr>
    </thead>
    <tbody>${message.cut.map((part, at) => { const known = carried.get(at + 1); return html`<tr key=${at}><td>
      <span class="narrow">Part </span>${at + 1}</td><td class="number nowrap">${part.units} / ${limit}</td>
      <td class="mono small break">${known?.reference ?? "–"}</td>
        <td>${known ? html`<${Status} status=${known.status} detail=${known.detail} />`
        : html`<span class="muted small">not taken yet</span>`}</td></tr>`; })}</tbody></table>`;
}

const Waiting = ({ callbacks }) => html`<section class="card"><div class="head"><h2>Receipts that wait to be taken</h2>
  </div><ul class="rows">${callbacks.map((one) => html`
  <li key=${one.id}><span class="plain"><span class="cut">
    <${Status} status=${one.status} detail=${one.detail} /> <span class="small muted">${one.url}</span></span>
    <span class="small muted nowrap">
      ${one.attempts ? `${count(one.attempts, "try", "tries")}${one.due_at ? `, next ${when(one.due_at)}` : ""}`
      : "in line"}</span></span></li>`)}</ul></section>`;

const Posted = ({ tries, reload }) => html`<section class="card"><div class="head"><h2>Receipts posted</h2></div>
  <ul class="rows"><${PostList} tries=${tries} onDone=${reload} /></ul></section>`;

const Facts = ({ message }) => html`<dl class="facts">
  <dt>To</dt><dd class="number">${message.to}</dd>
  ${message.country && html`<dt>Country</dt><dd>${country(message.country)}</dd>`}
  <dt>Network</dt><dd class="number">${message.mcc ? `MCC ${message.mcc}${message.mnc ? `, MNC ${message.mnc}` : ""}`
    : html`<span class="muted">no receipt named it</span>`}</dd>
  <dt>From</dt><dd>${message.source}</dd>
  <dt>umid</dt><dd><${Id} what="the umid">${message.umid}<//></dd>
  ${message.client_id && html`<dt>Client id</dt><dd><${Id} what="the client id">${message.client_id}<//></dd>`}
  ${message.batch
    && html`<dt>Batch</dt><dd><a class="mono small" href="${MESSAGES}?q=${encodeURIComponent(message.batch)}">
    ${message.batch}</a></dd>`}
  ${message.client_batch && html`<dt>Client batch</dt><dd class="mono small">${message.client_batch}</dd>`}
  <dt>Subaccount</dt><dd>${message.subaccount} <span class="muted">of ${message.account}</span></dd>
  <dt>Carrier</dt><dd>${message.carrier}${message.carrier === "simulator" && !message.is_private
    && html` · <a href=${handsetAt(message.to)} target="_blank" rel="noreferrer">see the handset</a>`}</dd>
  <dt>Accepted</dt><dd><${Time} at=${message.created_at} /></dd>
  <dt>Expires</dt><dd><${Time} at=${message.expires_at} /></dd>
  <dt>Price</dt><dd class="number">
    ${message.price} ${message.currency} <span class="muted">for ${count(message.parts, "part")}</span></dd>
  <dt>Tried again</dt><dd class="number">${message.attempts ? count(message.attempts, "time") : "never"}</dd>
  ${message.callback_url && html`<dt>Callback</dt><dd class="mono small">${message.callback_url}</dd>`}
</dl>`;
