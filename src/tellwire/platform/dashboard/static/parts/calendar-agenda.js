// The calendar as a list of days: for phones, for screen readers, and for whoever likes to read.
import { html } from "/static/shared/ui/preact.js";
import { Empty } from "/static/shared/ui/states.js";
import { daysOf } from "../calendar-days.js";
import { dayInWords } from "../day-words.js";
import { Due, Item } from "./calendar-item.js";

export function Agenda({ calendar }) {
  const days = daysOf(calendar).filter(({ items, due, day }) => items.length || due || day === calendar.today);
  const isEmpty = days.every(({ items, due }) => !items.length && !due);
  if (isEmpty) {
    return html`<div class="card"><${Empty} title="Nothing goes out in this month">
      <p>Broadcasts and recurring campaigns stand here at their moments, and the people whose wait ends on a day. What
        answers events comes when they come.</p><a class="button" href="/campaigns/new">New campaign</a><//>
        </div>`;
  }
  return html`<div class="card agenda"><ol>${days.map(({ day, items, due }) => html`<li key=${day}
    class=${day === calendar.today ? "today" : undefined}>
    <h3>${dayInWords(day)}${day === calendar.today ? ", today" : ""} <${Due} due=${due} /></h3>
    ${items.length > 0 ? html`<ul>${items.map((item) => html`<li key=${`${item.campaign_id} ${item.run}`}>
      <${Item} item=${item} isWhole=${true} /></li>`)}</ul>`
      : html`<p class="muted small">No run${due ? "" : ", and nobody waits for this day"}.</p>`}</li>`)}</ol></div>`;
}
