// A decision's gates, each with the value it saw and what it wanted.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Status } from "/static/shared/ui/status.js";
import { Prose } from "/static/shared/ui/time.js";
import { campaignAt, messageAt } from "../places.js";
import { gateName, reasonOf } from "../words.js";
import { OwnWords } from "./own-words.js";

export const Trace = ({ trace }) =>
  html`<ol class="trace">${trace.map((one) => html`<${Gate} key=${one.gate} of=${one} />`)}</ol>`;

const Gate = ({ of: { gate, has_passed: isGood, saw, wanted } }) => html`<li>
  <span class="knob ${isGood ? "good" : "bad"}">
    <${Icon} name=${isGood ? "check" : "cross"} size=${13} label=${isGood ? "passed" : "did not pass"} /></span>
  <span class="strong">${gateName(gate)}</span>
  <span class="break">${saw ? html`<${Prose} text=${saw} />`
    : html`<span class="muted"><${Prose} text=${wanted || "nothing"} /></span>`}
    ${saw && wanted && html`<br /><span class="muted small">wanted: <${Prose} text=${wanted} /></span>`}</span></li>`;

const Outcome = ({ of: { error_code: code, description, advice, answer } }) => description
  && html`<div class="stack close">
  <p class="break">${reasonOf(code, description)}${advice && html`<br /><span class="muted">${advice}</span>`}</p>
  <${OwnWords} answer=${answer} /></div>`;

/** One campaign's answer: sent, skipped or none, why, and every gate. */
export const Answer = ({ id, name, messageId, code, reason, trace, outcome, version = null }) =>
  html`<section class="card" aria-label=${name}>
  <div class="head"><h2><a href=${campaignAt(id)}>${name}</a></h2>
    ${version && html`<span class="muted small">version ${version}</span>`}
    ${outcome ? html`<${Status} status=${outcome.standing.status} detail=${outcome.standing.detail} />`
      : messageId ? html`<span class="badge good"><${Icon} name="check" size=${12} />Message</span>`
      : html`<span class="badge ${trace.length ? "warn" : ""}"><${Icon} name="minus" size=${12} />
        ${trace.length ? "Skipped" : "No answer"}</span>`}
    <span class="push small">${messageId ? html`<a href=${messageAt(messageId)}>Open the message</a>`
      : html`<span class="muted mono">${code}</span>`}</span>
  </div>
  <div class="body">${reason && html`<p class="break"><${Prose} text=${reason} /></p>`}
    ${outcome && html`<${Outcome} of=${outcome} />`}<${Trace} trace=${trace} /></div></section>`;
