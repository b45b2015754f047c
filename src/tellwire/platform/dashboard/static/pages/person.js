// One person whole: whether a text reaches them, what happened, who they are, and where they are in campaigns.
import { html, useState } from "/static/shared/ui/preact.js";
import { useResource } from "/static/shared/ui/resource.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { Time } from "/static/shared/ui/time.js";
import { get } from "../api.js";
import { Card } from "../parts/card.js";
import { EraseDialog } from "../parts/erase-dialog.js";
import { PersonTimeline } from "../parts/person-timeline.js";
import { campaignAt, explainAt, PEOPLE } from "../places.js";
import { Page } from "../shell.js";
import { count, when } from "../words.js";

const word = (value) => (typeof value === "string" ? value : JSON.stringify(value));

export default function Person({ identity }) {
  const { data, error, reload } = useResource((signal) => get(`/people/${encodeURIComponent(identity)}`, { signal }),
    [identity]);
  const [isErasing, setErasing] = useState(false);
  const actions = data && html`<a class="button" href=${explainAt(data.subjects[0], "")}>Why did they not get…?</a>
    <button type="button" class="button" onClick=${() => setErasing(true)}>Erase…</button>`;
  return html`<${Page} title=${data?.name || identity} crumbs=${[["People"], ["Profiles", PEOPLE], [identity]]}
    lead=${data?.reachability} actions=${actions}>
    ${error ? html`<${Failure} error=${error} retry=${reload} />`
      : !data ? html`<div class="card"><${Bones} rows=${8} /></div>`
      : html`<${Whole} person=${data} />`}
    ${isErasing && html`<${EraseDialog} person=${data} onClose=${() => setErasing(false)} />`}<//>`;
}

const Whole = ({ person }) => html`<div class="stack">
  ${person.enrollments.length > 0 && html`<${Card} title=${`In ${count(person.enrollments.length, "campaign")}`}>
    <ul class="plain stack">${person.enrollments.map((stay) => html`<li key=${stay.campaign_id + stay.key + stay.step}>
      <a href=${campaignAt(stay.campaign_id)}>${stay.name}</a> <span class="muted">${stay.reason}</span></li>`)}</ul>
    <//>`}
  <${PersonTimeline} person=${person} />
  <${Card} title="Who they are"><dl class="facts">
    ${person.subjects.map(({ kind, value }) => html`<dt key=${kind + value}>${kind}</dt>
      <dd class="mono">${value}</dd>`)}
    <dt>Number</dt><dd class="number">${person.phone ?? html`<span class="muted">none</span>`}</dd>
    ${Object.entries(person.consent).map(([channel, says]) => html`<dt key=${channel}>Consent, ${channel}</dt>
      <dd>${says ? "Yes, as far as their profile says" : "No: they opted out"}</dd>`)}
    ${person.suppressed.map((one) => html`<dt key=${one.address}>Suppressed</dt><dd>${one.address}
      <span class="muted"> since <${Time} at=${one.at} as=${when} /></span></dd>`)}
    ${person.lists.length > 0 && html`<dt>On lists</dt><dd>${person.lists.join(", ")}</dd>`}
    ${person.properties.map(({ name, value, since }) => html`<dt key=${name}>${name}</dt>
      <dd class="break">${word(value)}
      ${since && html`<span class="muted small"> since <${Time} at=${since} as=${when} /></span>`}</dd>`)}
    <dt>Known since</dt><dd><${Time} at=${person.created_at} /></dd></dl><//></div>`;
