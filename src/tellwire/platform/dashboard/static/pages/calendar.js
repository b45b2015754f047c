// What goes out when: the month, the week with its hours, or a list. Days and times are the account's.
import { html, useRef } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { here, putQuery } from "/static/shared/ui/router.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { isDay, rangeOf, stepped } from "../calendar-days.js";
import { useData } from "../data.js";
import { dayInWords, monthInWords } from "../day-words.js";
import { Agenda } from "../parts/calendar-agenda.js";
import { Month } from "../parts/calendar-month.js";
import { Week } from "../parts/calendar-week.js";
import { Segments } from "../parts/segments.js";
import { ACCOUNT, CALENDAR } from "../places.js";
import { Page } from "../shell.js";

/** @type {Topic[]} */
const TOPICS = ["campaigns"];
const AGAIN_MS = 30_000; // people come to wait, and leave
const NARROW_PX = 768; // a phone shows the list
const VIEWS = [["month", "Month"], ["week", "Week"], ["list", "List"]];
const SHOWN = { month: Month, week: Week, list: Agenda };

const usualView = () => (innerWidth < NARROW_PX ? "list" : "month");
const localToday = () => {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
};

export default function Calendar() {
  const { query } = here.value;
  const view = SHOWN[query.view] ? query.view : usualView();
  const day = isDay(query.day) ? query.day : localToday();
  const { first, last } = rangeOf(view, day);
  const { data: found, error, reload } = useData(`/calendar?from=${first}&to=${last}`, TOPICS, { everyMs: AGAIN_MS });
  const data = found?.days[0].day === first ? found : undefined; // not yet that of other days
  const put = (change) => putQuery(CALENDAR, { view: query.view, day: query.day, ...change });
  const open = (next) => put({ day: next });
  const View = SHOWN[view];
  const walking = useRef(false);
  const title = view === "week" ? `${dayInWords(first)} – ${dayInWords(last)}` : monthInWords(day);
  return html`<${Page} title="Calendar" lead=${data ? html`Days and times are those of the account,
    ${" "}<a href=${ACCOUNT}>${data.zone}</a>, where it is now ${data.now}.` : "\u00a0"}>
    <div class="calendar stack">
      <div class="row">
        <div class="row tight">
          <button type="button" class="button square" aria-label="Earlier"
            onClick=${() => open(stepped(view, day, -1))}><${Icon} name="back" size=${14} /></button>
          <button type="button" class="button" onClick=${() => open("")}>Today</button>
          <button type="button" class="button square" aria-label="Later"
            onClick=${() => open(stepped(view, day, 1))}><${Icon} name="chevron" size=${14} /></button></div>
        <h2 aria-live="polite">${title}</h2>
        <span class="push"><${Segments} label="View" options=${VIEWS} value=${view}
          onValue=${(next) => put({ view: next })} /></span></div>
      ${error && html`<${Failure} error=${error} retry=${reload} />`}
      ${data?.is_cut && html`<p class="banner warn">There is more than can be shown: only the first
        ${" "}${data.items.length} runs are here. Look at fewer days.</p>`}
      ${data ? html`<${View} calendar=${data} day=${day} open=${open} put=${put} walking=${walking} />`
        : !error && html`<div class="card calendar-room"><${Bones} rows=${10} /></div>`}</div><//>`;
}
