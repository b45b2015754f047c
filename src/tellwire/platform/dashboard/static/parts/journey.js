// What a campaign of several steps does, with how many people stand where, came, and got what.
import { html, useMemo, useState } from "/static/shared/ui/preact.js";
import { entryLines, guardLines, startInShort, stepIds, peopleByStep } from "../journey-words.js";
import { count } from "../words.js";
import { Card } from "./card.js";
import { PeoplePanel } from "./people-panel.js";
import { StepsEditor } from "./steps/steps-editor.js";
import { useWalk } from "./steps/walk.js";

const BEFORE = ""; // the step of those who have not entered yet

/** Who enters a campaign and what guards it, a line each. */
export const Lines = ({ lines }) => lines.length > 0
  && html`<ul class="stack close">${lines.map((text) => html`<li key=${text}>${text}</li>`)}</ul>`;

/** `inside` is what `GET /api/campaigns/{id}/inside` answers. */
export function Journey({ campaign, inside }) {
  const [open, setOpen] = useState(/** @type {string | null} */ (null)); // the step whose people are listed
  const { steps } = campaign;
  const figures = useMemo(() => figuresIn(inside), [inside]);
  const walk = useWalk({ id: campaign.id, steps });
  const guards = guardLines(campaign);
  return html`<${Card} title="What it does"><div class="stack">
    <${Lines} lines=${entryLines(campaign)} />
    ${walk.bar}
    <${StepsEditor} steps=${steps} figures=${figures} onPeople=${setOpen} startText=${startInShort(campaign.start)}
      stops=${walk.stops} tools=${walk.button} />
    <${Older} ...${{ steps, inside }} onPeople=${setOpen} />
    ${guards.length > 0 && html`<div class="stack close"><h3>Guards</h3><${Lines} lines=${guards} /></div>`}
    ${open !== null && html`<${PeoplePanel} campaign=${campaign} step=${open} onClose=${() => setOpen(null)} />`}
    </div><//>`;
}

/** The figures of each step as the canvas takes them. */
function figuresIn({ figures, steps, ever }) {
  const entered = Math.max(ever, ...figures.map((one) => one.reached));
  return {
    entered, pending: peopleByStep(steps).get(BEFORE) ?? 0,
    steps: Object.fromEntries(figures.map((one) => [one.step, one])),
  };
}

/** Those who stand at steps that the campaign has no more. */
function Older({ steps, inside, onPeople }) {
  const known = new Set([BEFORE, ...stepIds(steps)]);
  const older = [...peopleByStep(inside.steps)].filter(([step]) => !known.has(step));
  return older.length > 0 && html`<p class="muted">At steps of an older version:
    ${older.map(([step, people]) => html` <span key=${step}>“${step}” <button type="button" class="button little here"
      aria-label=${`${count(people, "person", "people")} at “${step}”`} onClick=${() => onPeople(step)}>
      ${count(people, "person", "people")}</button></span>`)}</p>`;
}
