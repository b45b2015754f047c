// Who is inside a campaign, how others left it, and the runs of its schedule.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Time } from "/static/shared/ui/time.js";
import { leftWords } from "../journey-words.js";
import { count, gateName, number, share, when } from "../words.js";
import { Card } from "./card.js";
import { Reasons } from "./figures.js";

const sum = (table) => Object.values(table).reduce((all, one) => all + one, 0);

export const Inside = ({ inside }) => html`<${Card} title="Inside">
  <p><span class="strong">${count(inside.people, "person is", "people are")} inside now</span>,
    ${" "}${number(inside.ever)} ever.</p><//>`;

/** Those who became due while a campaign is paused: whoever resumes it chooses what becomes of them. */
export const Overdue = ({ inside }) => inside.overdue > 0 && html`<div class="banner warn"><${Icon} name="pause" />
  <p class="grow">${count(inside.overdue, "person has", "people have")} become due while it is paused. You choose what
    becomes of them when you resume it.</p></div>`;

export const Left = ({ inside }) => Object.keys(inside.left).length > 0 && html`<${Reasons} title="Left, by reason"
  table=${inside.left} all=${sum(inside.left)} none="" word=${leftWords} />`;

const reasonsOf = ({ refused, skipped }) => Object.entries({ ...refused, ...skipped })
  .sort((a, b) => b[1] - a[1]).map(([code, times]) => `${gateName(code)} ${number(times)}`).join(", ");

/** The runs of a schedule, those that are planned first. */
export const Runs = ({ runs }) => html`<section class="card" aria-label="Runs"><div class="head"><h2>Runs</h2></div>
  ${runs.length ? html`<table class="table"><thead><tr><th scope="col">When</th>
    <th scope="col" class="number wide">People</th><th scope="col" class="number">Meant for</th>
    <th scope="col" class="number wide">Entered</th><th scope="col" class="number">Messages</th>
    <th scope="col" class="wide">Why some got nothing</th></tr></thead>
    <tbody>${runs.map((run) => html`<${Run} key=${run.run} run=${run} />`)}</tbody></table>`
    : html`<p class="empty">It has not run yet.</p>`}</section>`;

function Run({ run }) {
  const isPlanned = run.people === 0 && run.share === 0;
  return html`<tr>
    <td><${Time} at=${run.at} as=${when} class="nowrap" /><${Progress} share=${run.share} isPlanned=${isPlanned} /></td>
    <td class="number wide">${isPlanned ? "–" : number(run.people)}</td>
    <td class="number">${isPlanned ? "–" : number(run.qualified)}</td>
    <td class="number wide">${isPlanned ? "–" : number(run.entered)}</td>
    <td class="number">${isPlanned ? "–" : number(run.messages)}</td>
    <td class="wide muted small break">${reasonsOf(run)}</td></tr>`;
}

function Progress({ share: part, isPlanned }) {
  if (isPlanned) return html` <span class="badge"><${Icon} name="clock" size=${11} />Planned</span>`;
  if (part >= 1) return null;
  return html`<span class="progress" role="progressbar" aria-label="How far the run is" aria-valuemin="0"
    aria-valuemax="100" aria-valuenow=${Math.round(100 * part)} aria-valuetext=${share(part, 1)}>
    <i style=${{ width: `${100 * part}%` }} /></span>`;
}
