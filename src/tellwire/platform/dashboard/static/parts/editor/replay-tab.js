// What the campaign would have done in the last 7 days: asked for by a button, with how far it has come.
import { html, useEffect, useRef, useState } from "/static/shared/ui/preact.js";
import { Failure } from "/static/shared/ui/states.js";
import { payloadOf } from "../../document/document.js";
import { isSame } from "../../document/tree.js";
import { leftWords } from "../../journey-words.js";
import { count, gateName, moment, number } from "../../words.js";
import { replayed } from "./replaying.js";

const DAYS = 7;
const DAY_MS = 86_400_000;

export function ReplayTab({ document }) {
  const [state, setState] = useState({ isBusy: false, progress: 0, result: null, error: null, of: null });
  const running = useRef(null);
  useEffect(() => () => running.current?.abort(), []);
  const run = async () => {
    if (state.isBusy) return;
    const abort = new AbortController();
    running.current = abort;
    const payload = payloadOf(document);
    const now = Date.now();
    setState({ isBusy: true, progress: 0, result: null, error: null, of: payload });
    try {
      const result = await replayed(payload, { from: new Date(now - DAYS * DAY_MS), to: new Date(now),
        signal: abort.signal, onProgress: (progress) => setState((old) => ({ ...old, progress })) });
      setState((old) => ({ ...old, isBusy: false, result }));
    } catch (error) {
      setState((old) => ({ ...old, isBusy: false, error: abort.signal.aborted ? null : error }));
    }
  };
  const { isBusy, progress, result, error, of } = state;
  return html`<div class="stack">
    <p class="muted">What it would have done over the events of the last ${DAYS} days, with people as they are now.
      Nothing is sent.</p>
    <div class="row"><button type="button" class="button" aria-disabled=${isBusy ? "true" : undefined} onClick=${run}>
        ${isBusy ? "Replaying…" : `Replay the last ${DAYS} days`}</button>
      ${isBusy && html`<button type="button" class="button quiet" onClick=${() => running.current.abort()}>Stop
        </button>`}</div>
    ${isBusy && html`<span class="progress" role="progressbar" aria-label="How far the replay is" aria-valuemin="0"
      aria-valuemax="100" aria-valuenow=${Math.round(100 * progress)}>
      <i style=${{ width: `${100 * progress}%` }} /></span>`}
    <div aria-live="polite" class="stack">
      ${error && html`<${Failure} error=${error} />`}
      ${result && html`<${Sum} ...${result} isOld=${!isSame(of, payloadOf(document))} />`}</div></div>`;
}

const Sum = ({ summary, profiles_as_of: asOf, isOld }) => html`
  ${isOld && html`<p class="banner warn">The campaign was changed since: replay it again.</p>`}
  ${summary.is_cut && html`<p class="banner warn">It broke off: people go on more often than there is room for. These
    are the figures until then.</p>`}
  <p>Of <span class="strong">${count(summary.events, "event")}</span> came
    ${" "}<span class="strong">${count(summary.messages, "message")}</span>,
    ${" "}<span class="strong">${count(summary.parts, "part")}</span>,
    ${" "}to ${count(summary.people, "person", "people")}.</p>
  <${Reasons} title="Skipped" counts=${summary.skips} word=${gateName} />
  <${Reasons} title="Held" counts=${summary.holds} word=${gateName} />
  <${Reasons} title="Left" counts=${summary.exits} word=${leftWords} />
  <p class="hint">People as of ${moment(asOf)}.</p>`;

function Reasons({ title, counts, word }) {
  const rows = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  return rows.length > 0 && html`<div><h3>${title}</h3><dl class="sums">${rows.map(([code, times]) => html`
    <dt key=${code}>${word(code)}</dt><dd class="number">${number(times)}</dd>`)}</dl></div>`;
}
