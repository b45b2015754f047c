// One text from a handset: its words, joined, and the posts of it to customers.
import { html } from "/static/shared/ui/preact.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { Time } from "/static/shared/ui/time.js";
import { count, encodingName, when } from "/static/shared/ui/words.js";
import { useData } from "../data.js";
import { Id } from "../id.js";
import { INBOUND, MESSAGES, WEBHOOKS, handsetAt } from "../places.js";
import { Page } from "../shell.js";
import { Forwarding, meaningOf } from "../forwarding.js";
import { PostList } from "./webhook-log.js";

export default function InboundTextPage({ umid }) {
  const { data, error, reload } = useData(`/inbound/${encodeURIComponent(umid)}`, ["messages", "webhooks"]);
  const crumbs = [["Inbound", INBOUND], ["Text"]];
  if (error?.status === 404) return html`<${Page} title="Text" crumbs=${crumbs}><div class="card">
    <${Empty} title="There is no such text"><p>No text has the id <span class="mono break">
    ${umid}</span>. It may have been deleted.</p><a class="button" href=${INBOUND}>Search texts</a><//></div><//>`;
  return html`<${Page} title=${data ? `From ${data.from}` : "Text"} crumbs=${crumbs}
    mark=${data && html`<${Forwarding} state=${data.told} />`}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${data ? html`<${Whole} text=${data} reload=${reload} />` : !error
      && html`<div class="card"><${Bones} rows=${8} /></div>`}<//>`;
}

const Whole = ({ text, reload }) => html`<div class="halves">
  <div class="stack">
    <section class="card"><div class="head"><h2>Text</h2><span class="push small muted">
      ${encodingName(text.encoding)} · ${count(text.parts, "part")}
        ${text.units.length > 1 ? ` of ${text.units.join(" + ")} units`
      : ""}</span></div>
      <div class="body stack close">
        ${text.is_private ? html`<p class="muted">Texts and full numbers are shown to developers and owners.</p>`
        : html`<p class="bubble">${text.text}</p>`}
        ${!text.is_whole && html`<p class="small bad-text">A part never came; [...] stands for it.</p>`}</div></section>
    <section class="card"><div class="head"><h2>Who was told</h2>
      <a class="push small" href="${WEBHOOKS}?umid=${encodeURIComponent(text.umid)}">In the delivery log</a></div>
      ${text.callbacks.length + text.tries.length ? html`<ul class="rows">
        ${text.callbacks.map((one) => html`<li key=${one.id}><span class="plain"><span class="mono small break">
          ${one.url}</span>
          <span class="small muted nowrap">
            ${one.attempts
            ? `${count(one.attempts, "try", "tries")}${one.due_at ? `, next ${when(one.due_at)}` : ""}`
            : "in line"}</span></span></li>`)}
        <${PostList} tries=${text.tries} onDone=${reload} /></ul>`
      : html`<p class="empty small">${meaningOf(text.told)}</p>`}</section>
  </div>
  <section class="card"><div class="head"><h2>Facts</h2></div><div class="body"><dl class="facts">
    <dt>From</dt><dd class="number">${text.from}
      ${!text.is_private && text.carrier === "simulator"
      && html` · <a href=${handsetAt(text.from)} target="_blank" rel="noreferrer">see the handset</a>`}
      ${!text.is_private && html` · <a href="${MESSAGES}?q=${encodeURIComponent(text.from)}">messages to it</a>`}</dd>
    <dt>To</dt><dd class="number">${text.to}</dd>
    <dt>Subaccount</dt><dd>${text.subaccount ? html`${text.subaccount} <span class="muted">of ${text.account}</span>`
      : html`<span class="muted">none: the number is nobody's</span>`}</dd>
    <dt>umid</dt><dd><${Id} what="the umid">${text.umid}<//></dd>
    <dt>Carrier</dt><dd>${text.carrier}</dd>
    <dt>Received</dt><dd><${Time} at=${text.received_at} /></dd></dl></div></section>
      </div>`;
