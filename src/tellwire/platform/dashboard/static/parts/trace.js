// A decision's gates, each with the value it saw and what it wanted.
import { html } from "/static/shared/ui/preact.js";
import { Badge, Status } from "/static/shared/ui/badge.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Prose, Time } from "/static/shared/ui/time.js";
import { campaignAt, messageAt } from "../places.js";
import { gateName, reasonOf, when } from "../words.js";
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

// What a campaign's answer is called where it made no message; one that was made says its own standing.
const VERDICTS = {
  send: ["good", "check", "Message"], skip: ["warn", "minus", "Skipped"], none: ["", "minus", "No answer"],
  hold: ["going", "clock", "Held"], waits: ["going", "clock", "Waits"], left: ["", "leave", "Left"],
};

function Verdict({ verdict }) {
  const [tone, icon, word] = VERDICTS[verdict] ?? VERDICTS.none;
  return html`<${Badge} tone=${tone} icon=${icon}>${word}<//>`;
}

/** One campaign's answer: sent, held, waiting, left, skipped or none, at which step, why, and every gate. */
export function Answer({ id, name, verdict, step = "", messageId, code, reason, trace, outcome, version = null,
  at = null }) {
  const answer = verdict ?? (messageId ? "send" : trace.length ? "skip" : "none");
  return html`<section class="card" aria-label=${name}>
  <div class="head"><h2><a href=${campaignAt(id)}>${name}</a></h2>
    ${step && html`<span class="small break">step “${step}”</span>`}
    ${version && html`<span class="muted small">version ${version}</span>`}
    ${at && html`<${Time} at=${at} as=${when} class="muted small" />`}
    ${outcome ? html`<${Status} status=${outcome.standing.status} detail=${outcome.standing.detail} />`
      : html`<${Verdict} verdict=${answer} />`}
    <span class="push small">${messageId ? html`<a href=${messageAt(messageId)}>Open the message</a>`
      : html`<span class="muted" title=${code}>${code === answer ? "" : gateName(code)}</span>`}</span>
  </div>
  <div class="body">${reason && html`<p class="break"><${Prose} text=${reason} /></p>`}
    ${outcome && html`<${Outcome} of=${outcome} />`}<${Trace} trace=${trace} /></div></section>`;
}
