// A month of the calendar: a table of weeks. Arrows walk from day to day, Enter opens the day's week.
import { html, useLayoutEffect, useRef } from "/static/shared/ui/preact.js";
import { dayFor, daysOf, weeksOf } from "../calendar-days.js";
import { dayInWords, weekdays } from "../day-words.js";
import { Due, Item } from "./calendar-item.js";

const MOST = 4; // runs of a day that are shown

/**
 * Keys of a table of days: the focus stays on a day's number while the day changes. `walking` is a ref that outlives
 * the table: the days of another month come in another one.
 */
export function useDayKeys(day, open, walking) {
  const box = useRef(null);
  useLayoutEffect(() => {
    const button = walking.current && box.current?.querySelector(`[data-day="${day}"]`);
    if (!button) return; // it is on its way
    walking.current = false;
    button.focus();
  });
  const press = (event) => {
    const next = event.target.dataset?.day && !event.altKey && !event.ctrlKey && !event.metaKey
      ? dayFor(event.key, event.target.dataset.day) : null;
    if (!next) return;
    event.preventDefault();
    walking.current = true;
    open(next);
  };
  return { box, press };
}

export function Month({ calendar, day, open, put, walking }) {
  const { box, press } = useDayKeys(day, open, walking);
  const month = day.slice(0, 7);
  const toWeek = (one) => put({ view: "week", day: one });
  return html`<div class="card calendar-room" ref=${box} onKeyDown=${press}>
    <table class="calendar-month"><caption class="unseen">Runs by day. Arrow keys move between days.</caption>
    <thead><tr>${weekdays().map((name) => html`<th scope="col" key=${name}>${name}</th>`)}</tr></thead>
    <tbody>${weeksOf(daysOf(calendar)).map((week) => html`<tr key=${week[0].day}>${week.map((one) => html`
      <${Day} key=${one.day} ...${one} isOther=${!one.day.startsWith(month)} isToday=${one.day === calendar.today}
        isActive=${one.day === day} toWeek=${toWeek} />`)}</tr>`)}</tbody></table></div>`;
}

function Day({ day, items, due, isOther, isToday, isActive, toWeek }) {
  const more = items.length - MOST;
  const shown = more > 0 ? items.slice(0, MOST - 1) : items;
  return html`<td class=${[isOther && "other", isToday && "today"].filter(Boolean).join(" ") || undefined}>
    <div class="day-head"><button type="button" class="day-number" data-day=${day} tabindex=${isActive ? 0 : -1}
      aria-current=${isToday ? "date" : undefined} aria-label="${dayInWords(day)}: its week"
      onClick=${() => toWeek(day)}>${Number(day.slice(8))}</button><${Due} due=${due} /></div>
    ${shown.length > 0 && html`<ul>${shown.map((item) => html`<li key=${`${item.campaign_id} ${item.run}`}>
      <${Item} item=${item} /></li>`)}</ul>`}
    ${more > 0 && html`<button type="button" class="button quiet little" onClick=${() => toWeek(day)}>${more + 1} more
      </button>`}</td>`;
}
