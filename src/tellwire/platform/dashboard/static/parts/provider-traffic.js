// What a provider carried in the last day: a bar an hour, the sums, and its last trouble with what to do.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Time } from "/static/shared/ui/time.js";
import { number, when } from "../words.js";
import { deliveredOf, deliveredShare } from "./delivered.js";
import { OwnWords } from "./own-words.js";

const BAR_PX = 4; // of which one is the gap
const HEIGHT_PX = 24;

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

/** Five cells of the list; a provider that carried nothing says so in one. */
export function TrafficCells({ traffic }) {
  if (!traffic || !(traffic.sent || traffic.failed || traffic.waiting)) {
    return html`<td class="muted small" colspan="5">Nothing in the last 24 hours</td>`;
  }
  const { sent, delivered, failed, waiting } = traffic;
  return html`<td class="chart"><${Hours} traffic=${traffic} /></td>
    <td class="number" data-name="Sent">${number(sent)}</td>
    <td class="number" data-name="Delivered">${number(delivered)}
      ${sent > 0 && html`<br /><span class="tiny muted" title=${deliveredOf(traffic.delivery)}>
        ${deliveredShare(traffic.delivery)}</span>`}</td>
    <td class="number ${failed ? "bad" : "muted"}" data-name="Failed">${number(failed)}</td>
    <td class="number ${waiting ? "" : "muted"}" data-name="Waiting">${number(waiting)}</td>`;
}

/** The last trouble in a row below its provider: while it lasts with what to do, else only what it was. */
export function TroubleRow({ trouble, columns }) {
  const at = html`<${Time} at=${trouble.at} as=${when} />`;
  return html`<tr class="below"><td colspan=${columns} class="small break">${trouble.is_over
    ? html`<span class="muted">Last trouble ${at}: ${trouble.reason}. It has taken messages since.</span>`
    : html`<${Icon} name="warning" size=${12} /> ${at}: ${trouble.reason}. <span class="muted">${trouble.advice}</span>
      <${OwnWords} answer=${trouble.answer} />`}</td></tr>`;
}
