// One message: its words and parts, its life step by step, and the decision that made it.
import { html, useMemo } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { Status, isFailure, lookOf } from "/static/shared/ui/badge.js";
import { Time } from "/static/shared/ui/time.js";
import { prefetch as fetchAhead, useData } from "../data.js";
import { Card } from "../parts/card.js";
import { OwnWords } from "../parts/own-words.js";
import { Trace } from "../parts/trace.js";
import { campaignAt, eventAt, providerAt } from "../places.js";
import { messageOf } from "../shape.js";
import { Page } from "../shell.js";
import { count, encodingName, moment, reasonOf, sentence, span } from "../words.js";

const TOPICS = /** @type {const} */ (["messages"]); // a receipt may come at any moment
/** @returns {`/messages/${string}`} */
const at = (id) => `/messages/${encodeURIComponent(id)}`;

export const prefetch = ({ id }) => fetchAhead(at(id), TOPICS);

function whole({ row, text, event_id: eventId, timeline, decision, links }) {
  return { ...messageOf(row), text, links, eventId, decision, timeline: timeline.map(messageOf) };
}

export default function Message({ id }) {
  const { data, error, reload } = useData(at(id), TOPICS);
  const message = useMemo(() => data && whole(data), [data]);
  const title = message ? `Message to ${message.to}` : "Message";
  return html`<${Page} title=${title} crumbs=${[["Messages", "/messages"], [message?.to ?? "Message"]]}
    mark=${message && html`<${Status} status=${message.status} detail=${message.detail} />`}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${message ? html`<${Life} message=${message} />` : !error && html`<div class="card"><${Bones} rows=${8} /></div>`}
  <//>`;
}

const Life = ({ message }) => html`
  ${isFailure(message.status) && html`<${Why} message=${message} />`}
  <div class="halves">
    <${Card} title="What it says">
      <div class="handset"><p class="from">${message.to}</p><p class="bubble">${message.text}</p></div>
      <${Facts} message=${message} />
    <//>
    <${Card} title="What happened"><${Timeline} steps=${message.timeline} /><//>
  </div>
  ${message.decision && html`<${Card} title="Why it was written"><${Trace} trace=${message.decision.trace} /><//>`}`;

function Why({ message }) {
  const told = reasonOf(message.error_code, message.description);
  const { advice } = message.timeline.at(-1);
  return html`<div class="banner bad"><${Icon} name="warning" /><div class="grow break">
    <p>${told || "The network gave no reason."}</p>${advice && html`<p>${advice}</p>`}</div></div>`;
}

const Facts = ({ message }) => html`<dl class="facts">
  <dt>Campaign</dt><dd>
    ${message.campaign_name ? html`<a href=${campaignAt(message.campaign_id)}>${message.campaign_name}</a>`
      : "Test message"}</dd>
  <dt>Provider</dt><dd><a href=${providerAt(message.provider_id)}>${message.provider_nickname}</a></dd>
  <dt>Event</dt><dd><a href=${eventAt(message.eventId)} class="mono">${message.eventId}</a></dd>
  <dt>Encoding</dt><dd>${encodingName(message.encoding)}, ${count(message.parts, "part")}</dd>
  ${message.links?.map(({ short, target, clicks, clicked_at: at }) => html`<dt key=${short}>Link</dt>
    <dd class="break">${target}<span class="muted small"> ${clicks ? html`${count(clicks, "click")}, first
      <${Time} at=${at} />` : "not clicked"}</span></dd>`)}
  <dt>Message id</dt><dd class="mono">${message.id}</dd>
  <dt>Created</dt><dd><${Time} at=${message.created_at} /></dd></dl>`;

const Timeline = ({ steps }) => html`<ol class="timeline">${steps.map((step, at) => {
  const { tone, icon, word } = lookOf(step.status, step.detail);
  const told = [sentence(step.what), reasonOf(step.code, step.description)].filter(Boolean).join(" · ");
  return html`<li key=${at}>
    <span class="knob ${tone}"><${Icon} name=${icon} size=${13} /></span>
    <div><p class="strong">${word}</p><p class="muted small break">${told}</p>
      ${step.advice && html`<p class="small">${step.advice}</p>`}<${OwnWords} answer=${step.answer} /></div>
    <${Time} class="muted small number" at=${step.at}
      as=${at ? (iso) => `+${span(steps[0].at, iso)}` : moment} /></li>`;
})}</ol>`;
