// Who is inside a campaign.
import { html, useState } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { peopleByStep } from "../journey-words.js";
import { count, number } from "../words.js";
import { Card } from "./card.js";
import { PeoplePanel } from "./people-panel.js";

/** `hasSteps`: no canvas shows where people stand, so they are listed here. */
export function Inside({ campaign, inside, hasSteps }) {
  const [open, setOpen] = useState(/** @type {string | null} */ (null)); // the step whose people are listed
  const { people, ever, left } = inside;
  return html`<${Card} title="Inside">
    <p><span class="strong">${count(people, "person is", "people are")} inside now</span>, ${number(ever)} ever${left
      .finished > 0 ? `; ${number(left.finished)} came to the end` : ""}.</p>
    ${hasSteps && people > 0 && html`<p class="row tight">${[...peopleByStep(inside.steps)].map(([step, some]) => html`
      <button type="button" key=${step} class="button little" onClick=${() => setOpen(step)}>
        ${count(some, "person", "people")} ${step ? `at “${step}”` : "before it"}</button>`)}</p>`}
    ${open !== null && html`<${PeoplePanel} campaign=${campaign} step=${open} onClose=${() => setOpen(null)} />`}<//>`;
}

/** Those who became due while a campaign is paused: whoever resumes it chooses what becomes of them. */
export const Overdue = ({ inside }) => inside.overdue > 0 && html`<div class="banner warn"><${Icon} name="pause" />
  <p class="grow">${count(inside.overdue, "person has", "people have")} become due while it is paused. You choose what
    becomes of them when you resume it.</p></div>`;
