// The steps of a campaign as a list in plain words, with how many people stand at each, and the people themselves.
import { html, useState } from "/static/shared/ui/preact.js";
import { Panel } from "/static/shared/ui/panel.js";
import { usePaged } from "/static/shared/ui/paged.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { Time } from "/static/shared/ui/time.js";
import { get, query } from "../api.js";
import { entryLines, guardLines, holdWords, peopleByStep, stepIds, stepWords } from "../journey-words.js";
import { profileAt } from "../places.js";
import { count, when } from "../words.js";

const PAGE = 50; // people that one answer has
const BEFORE = ""; // the step of those who have not entered yet

/** Who enters a campaign and what guards it, a line each. */
export const Lines = ({ lines }) => lines.length > 0
  && html`<ul class="stack close">${lines.map((text) => html`<li key=${text}>${text}</li>`)}</ul>`;

/** What a campaign of several steps does. */
export function Outline({ campaign, inside }) {
  const [open, setOpen] = useState(null); // the step whose people are listed
  const people = peopleByStep(inside.steps);
  const known = new Set([BEFORE, ...stepIds(campaign.steps)]);
  const older = [...people.keys()].filter((step) => !known.has(step));
  const guards = guardLines(campaign);
  const at = (step) => people.get(step) > 0
    && html`<${People} step=${step} people=${people.get(step)} onOpen=${setOpen} />`;
  return html`
    <${Lines} lines=${entryLines(campaign)} />
    ${people.get(BEFORE) > 0 && html`<p class="muted">Before the first step: ${at(BEFORE)}</p>`}
    <${Steps} steps=${campaign.steps} at=${at} label="Steps" />
    ${older.length > 0 && html`<p class="muted">At steps of an older version:
      ${older.map((step) => html` <span key=${step}>“${step}” ${at(step)}</span>`)}</p>`}
    ${guards.length > 0 && html`<div class="stack close"><h3>Guards</h3><${Lines} lines=${guards} /></div>`}
    ${open !== null && html`<${PeoplePanel} id=${campaign.id} step=${open} onClose=${() => setOpen(null)} />`}`;
}

const Steps = ({ steps, at, label }) => html`<ol class="outline" aria-label=${label || undefined}>
  ${steps.map((step) => html`<${Step} key=${step.id} step=${step} at=${at} />`)}</ol>`;

function Step({ step, at }) {
  const { id, text, branches } = stepWords(step);
  return html`<li title="Step “${id}”"><span class="break">${text}</span> ${at(id)}
    ${branches.map(({ label, steps }) => html`<div class="branch" key=${label}>
      ${label && html`<p class="muted break">${label}</p>`}
      ${steps.length > 0 && html`<${Steps} ...${{ steps, at, label }} />`}</div>`)}</li>`;
}

const People = ({ step, people, onOpen }) => html`<button type="button" class="button little here"
  aria-label=${`${count(people, "person", "people")} at ${step ? `“${step}”` : "the beginning"}`}
  onClick=${() => onOpen(step)}>${count(people, "person", "people")}</button>`;

function PeoplePanel({ id, step, onClose }) {
  const load = async (after, signal) => {
    const rest = query({ step, limit: PAGE, after });
    const { people } = await get(`/campaigns/${encodeURIComponent(id)}/people${rest}`, { signal });
    return { rows: people, next: people.length === PAGE ? people.at(-1).cursor : null };
  };
  const list = usePaged(load, [id, step]);
  const title = step ? `People at “${step}”` : "People before the first step";
  return html`<${Panel} name=${step} title=${title} onClose=${onClose}>
    ${list.error && html`<${Failure} error=${list.error} retry=${list.reload} />`}
    ${!list.isLoaded && !list.error && html`<${Bones} rows=${4} />`}
    ${list.isLoaded && !list.rows.length && html`<p class="muted">Nobody stands here any more.</p>`}
    <ul class="people">${list.rows.map((one) => html`<${Person} key=${one.cursor} person=${one} />`)}</ul>
    ${list.next && html`<button type="button" class="button" onClick=${list.more}
      aria-disabled=${list.isBusy ? "true" : undefined}>Show more</button>`}<//>`;
}

function Person({ person: { subjects, key, since, due_at: until, hold } }) {
  const [subject] = subjects;
  return html`<li>
    <span class="strong break">${subject ? html`<a href=${profileAt(subject)}>${subject.value}</a>` : "Somebody"}</span>
    ${key && html` <span class="muted break">${key}</span>`}
    <span class="small muted line-below">since <${Time} at=${since} as=${when} />, until
      ${" "}<${Time} at=${until} as=${when} />
      ${hold && html`<span class="strong">: ${holdWords(hold)}</span>`}</span></li>`;
}
