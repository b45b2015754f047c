// A decision's gates, each with the value it saw and what it wanted.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Prose } from "/static/shared/ui/time.js";
import { campaignAt, messageAt } from "../places.js";
import { gateName } from "../words.js";

export const Trace = ({ trace }) => html`<ol class="trace">${trace.map((one) => html`<${Gate} key=${one.gate} of=${one} />`)}</ol>`;

const Gate = ({ of: { gate, has_passed: isGood, saw, wanted } }) => html`<li>
  <span class="knob ${isGood ? "good" : "bad"}">
    <${Icon} name=${isGood ? "check" : "cross"} size=${13} label=${isGood ? "passed" : "did not pass"} /></span>
  <span class="strong">${gateName(gate)}</span>
  <span class="break">${saw ? html`<${Prose} text=${saw} />`
    : html`<span class="muted"><${Prose} text=${wanted || "nothing"} /></span>`}
    ${saw && wanted && html`<br /><span class="muted small">wanted: <${Prose} text=${wanted} /></span>`}</span></li>`;

const FAILURES = ["undelivered", "rejected", "expired"];

const MessageBadge = ({ status }) => (FAILURES.includes(status)
  ? html`<span class="badge bad"><${Icon} name="cross" size=${12} />Message ${status}</span>`
  : html`<span class="badge good"><${Icon} name="check" size=${12} />Message</span>`);

/** One campaign's answer: sent, skipped or none, why, and every gate; `status` is where its message stands. */
export const Answer = ({ id, name, messageId, status, code, reason, trace }) => html`
  <section class="card" aria-label=${name}>
  <div class="head"><h2><a href=${campaignAt(id)}>${name}</a></h2>
    ${messageId ? html`<${MessageBadge} status=${status} />`
      : html`<span class="badge ${trace.length ? "warn" : ""}"><${Icon} name="minus" size=${12} />${trace.length ? "Skipped" : "No answer"}</span>`}
    <span class="push small">${messageId ? html`<a href=${messageAt(messageId)}>Open the message</a>`
      : html`<span class="muted mono">${code}</span>`}</span>
  </div>
  <div class="body">${reason && html`<p class="break"><${Prose} text=${reason} /></p>`}
    <${Trace} trace=${trace} /></div></section>`;
