// Who is inside a campaign, and how others left it.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { leftWords } from "../journey-words.js";
import { count, number } from "../words.js";
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
