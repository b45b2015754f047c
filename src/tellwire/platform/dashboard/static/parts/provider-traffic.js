// What a provider carried in the last day: a bar an hour, the sums, and its last trouble with what to do.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Time } from "/static/shared/ui/time.js";
import { providerAt } from "../places.js";
import { number, when } from "../words.js";
import { OwnWords } from "./own-words.js";

const BAR_PX = 4; // of which one is the gap
const HEIGHT_PX = 22; // of a row of 36

/** Sent in each hour, and in red what failed: scaled to the busiest hour of this provider. */
export function Hours({ traffic }) {
  const { hours, sent, failed } = traffic;
  const most = Math.max(1, ...hours.map((hour) => Math.max(hour.taken, hour.failed)));
  const tall = (value) => (value ? Math.max(1.5, (HEIGHT_PX * value) / most) : 0);
  const bar = (tone, value, at) => html`<rect class=${tone} x=${at * BAR_PX} width=${BAR_PX - 1} rx="0.5"
    y=${HEIGHT_PX - tall(value)} height=${tall(value)} />`;
  const words = `The last 24 hours: ${number(sent)} sent, ${number(failed)} failed, at most ${number(most)} in an hour`;
  return html`<svg class="hours" role="img" aria-label=${words} width=${hours.length * BAR_PX} height=${HEIGHT_PX}
    viewBox="0 0 ${hours.length * BAR_PX} ${HEIGHT_PX}">
    <title>${words}</title>
    <rect class="ground" x="0" y=${HEIGHT_PX - 1} width=${hours.length * BAR_PX} height="1" />
    ${hours.map((hour, at) => bar("going", hour.taken, at))}
    ${hours.map((hour, at) => bar("bad", hour.failed, at))}</svg>`;
}

/** Troubles that last, each with what to do; those that are over in a line. `rows` have a provider and its traffic. */
export function Troubles({ rows }) {
  const troubled = rows.filter(({ provider, traffic }) => traffic?.trouble && !provider.archived_at);
  const sorted = [...troubled].sort((a, b) => Number(a.traffic.trouble.is_over) - Number(b.traffic.trouble.is_over));
  return sorted.length > 0 && html`<div class="stack close" role="group" aria-label="Troubles">
    ${sorted.map(({ provider, traffic: { trouble } }) => html`<${Trouble} key=${provider.id}
      ...${{ provider, trouble }} />`)}</div>`;
}

function Trouble({ provider, trouble }) {
  const link = html`<a href=${providerAt(provider.id)}>${provider.nickname}</a>`;
  const at = html`<${Time} at=${trouble.at} as=${when} />`;
  if (trouble.is_over) {
    return html`<p class="small muted break">${link}: last trouble ${at}: ${trouble.reason}. It has taken messages
      since.</p>`;
  }
  return html`<div class="banner bad"><${Icon} name="warning" /><div class="grow break">
    <p><span class="strong">${link}</span>, ${at}: ${trouble.reason}.</p><p>${trouble.advice}</p>
    <${OwnWords} answer=${trouble.answer} /></div></div>`;
}
