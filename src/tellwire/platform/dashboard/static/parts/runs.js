// The runs of a campaign's schedule: how far each is, what became of those it is for, and writing again to some.
import { html, useState } from "/static/shared/ui/preact.js";
import { Badge } from "/static/shared/ui/badge.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Time } from "/static/shared/ui/time.js";
import { toast } from "/static/shared/ui/toast.js";
import { post } from "../api.js";
import { count, gateName, number, sentence, share, when } from "../words.js";

/** @type {Record<Shape<"RunView">["state"], [string, string, string]>} */
const LOOKS = {
  planned: ["", "clock", "Planned"], choosing: ["going", "people", "Choosing people"],
  sending: ["going", "play", "Sending"], waiting: ["going", "clock", "Until the next window"],
  paused: ["warn", "pause", "Paused"], finishing: ["going", "clock", "Some are held"],
  complete: ["good", "check", "Complete"], incomplete: ["bad", "warning", "Does not add up"],
  stopped: ["warn", "stop", "Stopped"],
};
const MOVING = ["choosing", "sending", "waiting", "paused"];
const OVER = ["complete", "incomplete", "finishing"];

/** Those that are planned come first. `canResend`: the campaign runs, has one message, and some failed. */
export const Runs = ({ campaign, runs, canResend, reload }) => html`<section class="card" aria-label="Runs">
  <div class="head"><h2>Runs</h2></div>
  ${runs.length ? html`<table class="table"><thead><tr><th scope="col">When</th>
    <th scope="col" class="number">Meant for</th><th scope="col" class="number">Sent</th>
    <th scope="col" class="number wide">Held</th></tr></thead>
    <tbody>${runs.map((run) => html`<${Run} key=${run.run} ...${{ campaign, run, canResend, reload }} />`)}
      </tbody></table>`
    : html`<p class="empty">It has not run yet.</p>`}</section>`;

function Run({ campaign, run, canResend, reload }) {
  const isPlanned = run.state === "planned";
  const hasSent = canResend && OVER.includes(run.state) && run.messages > 0;
  return html`<tr>
    <td><${Time} at=${run.at} as=${when} class="nowrap" />${" "}<${State} run=${run} />
      ${run.attempt > 1 && html`<span class="tiny muted line-below">Attempt ${run.attempt}: to those whom it had
        failed to reach</span>`}
      <${Progress} run=${run} />
      <${Reasons} run=${run} />
      ${hasSent && html`<${Resend} ...${{ campaign, run, reload }} />`}</td>
    <td class="number">${isPlanned || run.state === "choosing" ? "–" : number(run.qualified)}
      ${!isPlanned && html`<span class="tiny muted line-below">of ${number(run.people)}</span>`}</td>
    <td class="number">${isPlanned ? "–" : number(run.messages)}</td>
    <td class="number wide">${isPlanned ? "–" : number(run.held)}</td></tr>`;
}

function State({ run }) {
  const [tone, icon, word] = LOOKS[run.state];
  const isVain = run.state === "complete" && run.messages === 0;
  return html`<${Badge} tone=${isVain ? "warn" : tone} icon=${icon}>
    ${isVain ? "Over: nobody got a message" : word}<//>`;
}

/** Why those got nothing who got nothing. */
function Reasons({ run }) {
  const left = run.state === "stopped" ? run.qualified - run.met : 0;
  if (!run.reasons.length && !left && !run.missing) return null;
  return html`<ul class="small break" aria-label="Why some got nothing">
    ${run.reasons.map(({ code, people, words }) => html`<li key=${code} title=${words}>
      ${gateName(code)} <span class="muted">${number(people)}</span></li>`)}
    ${left > 0 && html`<li>Stopped before their turn <span class="muted">${number(left)}</span></li>`}
    ${run.missing !== 0 && html`<li class="bad">Not accounted for <span>${number(run.missing)}</span></li>`}</ul>`;
}

function Progress({ run }) {
  if (!MOVING.includes(run.state)) return null;
  const words = run.state === "choosing" ? `${number(run.people)} looked at` : [
    `${number(run.met)} of ${number(run.qualified)}`,
    run.rate !== null && `${number(Math.round(run.rate))} a second`,
    run.resumes_at && `goes on at ${when(run.resumes_at)}`,
    run.over_at && `over about ${when(run.over_at)}`,
  ].filter(Boolean).join(" · ");
  return html`<span class="progress" role="progressbar" aria-label="How far the run is" aria-valuemin="0"
    aria-valuemax="100" aria-valuenow=${Math.round(100 * run.share)} aria-valuetext=${share(run.share, 1)}>
    <i style=${{ width: `${100 * run.share}%` }} /></span><span class="tiny muted line-below">${words}</span>`;
}

function Resend({ campaign, run, reload }) {
  const [isBusy, setBusy] = useState(false);
  const [id, name] = [campaign.id, run.run].map(encodeURIComponent);
  const resend = async () => {
    setBusy(true);
    try {
      const plan = await post(`/campaigns/${id}/runs/${name}/resend?dry_run=true`);
      if (await ask(questionOf(plan))) {
        const begun = await post(`/campaigns/${id}/runs/${name}/resend`);
        toast(`${count(begun.messages, "person is", "people are")} written to again.`);
        reload();
      }
    } catch (error) {
      toast(error.message);
    }
    setBusy(false);
  };
  return html`<p><button type="button" class="button little" disabled=${isBusy} onClick=${resend}>Resend the failed
    ones…</button></p>`;
}

const LEFT_OUT = { perhaps_sent: "were perhaps sent", taken_back: "were taken back before they went",
  nobody: "were to somebody who is not known any more" };

/** What is asked before messages go out again; without a failed one it only says so. */
function questionOf({ messages, reasons, left_out: leftOut }) {
  const others = Object.entries(leftOut).map(([code, times]) => `${number(times)} ${LEFT_OUT[code]}`);
  const body = html`${messages > 0
    ? html`<p>Each gets one message more, if it may still be sent. They failed because:</p>
      <ul>${reasons.map(({ code, people, words }) => html`<li key=${code}>${words || sentence(code)}
        <span class="muted"> ${number(people)}</span></li>`)}</ul>`
    : html`<p>No message of this run is known to have failed.</p>`}
    ${others.length > 0 && html`<p class="muted">Not sent again: ${others.join(", ")}.</p>`}`;
  if (!messages) return { title: "Nothing to resend", body, yes: "Close", no: "" };
  return { title: `Write again to ${count(messages, "person", "people")}?`, body, yes: `Resend ${number(messages)}` };
}
