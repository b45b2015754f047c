// Resuming a campaign: who is overdue, and do they go on at once, miss their message, or go on one after the other?
import { html, useState } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Choice, SelectField } from "/static/shared/ui/fields.js";
import { Time } from "/static/shared/ui/time.js";
import { get } from "../api.js";
import { count, number, when } from "../words.js";

/** Asks if somebody is overdue; resolves to the body of the request, or to null for a no. */
export async function askToResume({ id, name }) {
  const overdue = await get(`/campaigns/${encodeURIComponent(id)}/overdue`);
  if (!overdue.people) return {};
  let chosen = /** @type {{overdue: string, over?: string}} */ ({ overdue: "now" });
  const note = (choice) => { chosen = choice; };
  const isYes = await ask({
    title: `Resume ${name}?`, yes: "Resume", no: "Not yet",
    body: html`<${Who} overdue=${overdue} /><${Fate} onValue=${note} />`,
  });
  return isYes ? chosen : null;
}

const Who = ({ overdue }) => html`
  <p>${count(overdue.people, "person has", "people have")} become due while it was paused.</p>
  <table class="table"><thead><tr><th scope="col">Waits at</th><th scope="col" class="number">People</th>
    <th scope="col" class="wide">Due since</th><th scope="col">Next</th></tr></thead>
    <tbody>${overdue.steps.map((one) => html`<tr key=${`${one.version} ${one.step}`}>
      <td class="break">“${one.step}” <span class="muted small">version ${one.version}</span></td>
      <td class="number">${number(one.people)}</td>
      <td class="wide nowrap">${one.since ? html`<${Time} at=${one.since} as=${when} />` : "–"}</td>
      <td class="break">${nextWords(one)}</td></tr>`)}</tbody></table>`;

function nextWords({ next_step: step, is_message: isMessage }) {
  if (step === null) return "They are through";
  return isMessage ? `Message “${step}”` : `“${step}”`;
}

const FATES = [["now", "At once"], ["skip", "Skip"], ["spread", "Spread"]];
const HINTS = {
  now: "They go on as soon as it is resumed.",
  skip: "They go on, and a message that would go out now is dropped. The next steps are as ever.",
  spread: "They go on one after the other, in the order in which they were due.",
};
const SPANS = ["10 minutes", "30 minutes", "1 hour", "2 hours", "6 hours", "12 hours", "1 day", "2 days", "7 days"];

function Fate({ onValue }) {
  const [overdue, setOverdue] = useState("now");
  const [over, setOver] = useState("2 hours");
  const choose = (fate, span) => {
    setOverdue(fate);
    setOver(span);
    onValue(fate === "spread" ? { overdue: fate, over: span } : { overdue: fate });
  };
  return html`<${Choice} label="What becomes of them?" hint=${HINTS[overdue]} options=${FATES} value=${overdue}
      onValue=${(fate) => choose(fate, over)} />
    ${overdue === "spread" && html`<${SelectField} label="Over" value=${over} options=${SPANS.map((one) => [one, one])}
      onValue=${(span) => choose(overdue, span)} />`}`;
}
