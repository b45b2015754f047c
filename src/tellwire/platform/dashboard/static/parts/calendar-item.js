// One run on the calendar: what it is, by icon and word, and a link to its campaign.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { campaignAt } from "../places.js";
import { count, number } from "../words.js";

const LOOKS = {
  made: ["good", "check", "went out"], under_way: ["going", "play", "goes out now"],
  planned: ["accent", "clock", "planned"], paused: ["warn", "pause", "paused: it does not go out"],
};

export const lookOf = (item) => LOOKS[item.is_paused ? "paused" : item.phase];

/** All that is known of a run, in words. */
function itemWords(item) {
  const caps = [item.per_run && `at most ${number(item.per_run)} a run`,
    item.per_day && `at most ${number(item.per_day)} a day`];
  return [lookOf(item)[2], item.is_recurring && "recurring", item.is_personal && "on each person's own clock",
    item.messages != null && count(item.messages, "message"), ...caps].filter(Boolean).join(", ");
}

/** `isWhole`: with its words beside it, else they are its tooltip. */
export function Item({ item, isWhole = false }) {
  const [tone, icon] = lookOf(item);
  const words = itemWords(item);
  return html`<a class="calendar-item ${tone}" href=${campaignAt(item.campaign_id)}
    title=${isWhole ? undefined : `${item.time} ${item.name}: ${words}`}>
    <${Icon} name=${icon} size=${11} /><time class="number">${item.time}</time><span class="cut">${item.name}</span>
    ${isWhole ? html`<span class="muted small">${words}</span>` : html`<span class="unseen">: ${words}</span>`}</a>`;
}

/** How many people's wait ends on a day. */
export function Due({ due }) {
  if (!due) return null;
  const many = due >= 10_000 ? "10,000 or more" : number(due);
  return html`<span class="small muted nowrap" title="People inside campaigns whose wait ends on this day, as things
 stand"><${Icon} name="people" size=${11} /> ${many}<span class="unseen">${due === 1 ? "person is" : "people are"}
    ${" "}due</span></span>`;
}
