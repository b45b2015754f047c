// A week of the calendar by the hour: runs where they stand in the day, quiet hours as a band behind them.
import { html, useLayoutEffect, useRef } from "/static/shared/ui/preact.js";
import { daysOf, laid, partOfDay, quietOf } from "../calendar-days.js";
import { dayInWords, weekdayInWords } from "../day-words.js";
import { Due, Item } from "./calendar-item.js";
import { useDayKeys } from "./calendar-month.js";

const HOURS = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, "0")}:00`);
const FIRST_HOUR = 7; // at the top when it opens
const HOUR_REM = 3; // app.css has the same
const DAY_REM = 24 * HOUR_REM;

export function Week({ calendar, day, open, walking }) {
  const { box, press } = useDayKeys(day, open, walking);
  const room = useRef(null);
  useLayoutEffect(() => {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    room.current.scrollTop = FIRST_HOUR * HOUR_REM * rem;
  }, []);
  const days = daysOf(calendar);
  return html`<div class="card calendar-room calendar-week" ref=${box} onKeyDown=${press}>
    <div class="week-scroll" ref=${room} tabindex="0" role="region" aria-label="The week by the hour">
      <div class="week-head"><span />${days.map((one) => html`<div key=${one.day}
        class=${one.day === calendar.today ? "today" : undefined}>
        <button type="button" class="day-number" data-day=${one.day} tabindex=${one.day === day ? 0 : -1}
          aria-current=${one.day === calendar.today ? "date" : undefined}
          onClick=${() => open(one.day)}>${weekdayInWords(one.day)} ${Number(one.day.slice(8))}</button>
        <${Due} due=${one.due} /></div>`)}</div>
      <div class="week-body" style=${{ height: `${DAY_REM}rem` }}>
        <div class="week-hours" aria-hidden="true">${HOURS.slice(1).map((hour, at) => html`<span key=${hour}
          style=${{ insetBlockStart: `${(at + 1) * HOUR_REM}rem` }}>${hour}</span>`)}</div>
        ${days.map((one) => html`<${Column} key=${one.day} ...${one} quiet=${calendar.quiet}
          now=${one.day === calendar.today ? calendar.now : ""} />`)}</div></div>
    ${calendar.quiet.length > 0 && html`<p class="small muted week-foot"><span class="week-swatch" />Quiet hours of the
      account${calendar.quiet.some(({ zone = "person" }) => zone === "person") ? ", by each person's own clock" : ""}.
      </p>`}</div>`;
}

function Column({ day, items, quiet, now }) {
  return html`<div class="week-day">
    ${quietOf(day, quiet).map(([from, to]) => html`<i key=${from} class="week-quiet" style=${{
      insetBlockStart: `${(from / 1440) * DAY_REM}rem`, height: `${((to - from) / 1440) * DAY_REM}rem` }} />`)}
    ${now && html`<i class="week-now" style=${{ insetBlockStart: `${partOfDay(now) * DAY_REM}rem` }} />`}
    <ul aria-label=${dayInWords(day)}>${laid(items).map(({ item, lane, lanes, more }) => html`
      <li key=${`${item.campaign_id} ${item.run}`} style=${{
        insetBlockStart: `${Math.min(partOfDay(item.time) * DAY_REM, DAY_REM - 1.75)}rem`,
        insetInlineStart: `${(lane / lanes) * 100}%`, width: `${100 / lanes}%` }}><${Item} item=${item} />
        ${more > 0 && html`<span class="tiny muted nowrap">and ${more} more</span>`}</li>`)}</ul></div>`;
}
