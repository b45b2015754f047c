// Messages by hour and status as stacked bars, with the same numbers as a table for those who do not see them.
import { html } from "/static/shared/ui/preact.js";
import { number } from "/static/shared/ui/words.js";

export const KINDS = [["delivered", "Delivered", "good"], ["sent", "Sent", "going"], ["queued", "Queued", "idle"],
  ["failed", "Failed", "bad"]];
const HOURS = 24;
const HOUR_MS = 3_600_000;
const HEIGHT = 120;
const LEAST = 2;
const STEP = 30; // one hour's width in the picture's own units
const label = new Intl.DateTimeFormat(navigator.language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** The last 24 hours up to `instant`, oldest first; hours that nothing is known of are empty. */
export function filled(hours, instant = Date.now()) {
  const known = new Map(hours.map((hour) => [Date.parse(hour.at), hour]));
  const now = Math.floor(instant / HOUR_MS) * HOUR_MS;
  return Array.from({ length: HOURS }, (_, at) => {
    const start = now - (HOURS - 1 - at) * HOUR_MS;
    const counts = known.get(start) ?? {};
    return { start, counts, all: KINDS.reduce((sum, [kind]) => sum + (counts[kind] ?? 0), 0) };
  });
}

/** A round number at or above the highest bar, so that the scale does not change with every message. */
export function ceiling(most) {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  return [1, 2, 5, 10].map((step) => step * power).find((round) => round >= most && round >= 10) ?? 10;
}

function Bar({ hour, at, top }) {
  let base = HEIGHT;
  return html`<g>
    <title>${label.format(hour.start)}: ${KINDS.map(([kind, name]) =>
    `${number(hour.counts[kind] ?? 0)} ${name.toLowerCase()}`).join(", ")}</title>
    <rect x=${at * STEP} y="0" width=${STEP} height=${HEIGHT} fill="transparent" />
    ${KINDS.map(([kind, , tone]) => {
      const messages = hour.counts[kind] ?? 0;
      const height = messages && Math.max((messages / top) * HEIGHT, LEAST); // one failure of many is seen too
      base -= height;
      return height > 0
        && html`<rect key=${kind} class="fill ${tone}" x=${at * STEP + 4} y=${base} width=${STEP - 8}
        height=${height} />`;
    })}</g>`;
}

export function VolumeChart({ hours }) {
  const bars = filled(hours);
  const top = ceiling(Math.max(...bars.map((hour) => hour.all)));
  return html`<figure class="chart">
    <div class="plot"><span class="tiny muted number scale">${number(top)}</span>
      <svg viewBox="0 0 ${HOURS * STEP} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
        <line class="rule" x1="0" x2=${HOURS * STEP} y1="0.5" y2="0.5" />
          <line class="rule" x1="0" x2=${HOURS * STEP} y1=${HEIGHT / 2} y2=${HEIGHT / 2} />
        ${bars.map((hour, at) => html`<${Bar} key=${hour.start} ...${{ hour, at, top }} />`)}
        <line class="rule base" x1="0" x2=${HOURS * STEP} y1=${HEIGHT - 0.5} y2=${HEIGHT - 0.5} />
      </svg></div>
    <div class="hours tiny muted number" aria-hidden="true">
      ${bars.filter((_, at) => at % 6 === 5).map((hour) => html`<span key=${hour.start}>${label.format(hour.start)}
      </span>`)}</div>
    <table class="unseen"><caption>Messages by hour</caption>
      <thead><tr><th scope="col">Hour</th>${KINDS.map(([kind, name]) => html`<th scope="col" key=${kind}>${name}</th>`)}
        </tr></thead>
      <tbody>${bars.filter((hour) => hour.all).map((hour) => html`<tr key=${hour.start}>
        <th scope="row">${label.format(hour.start)}</th>
        ${KINDS.map(([kind]) => html`<td key=${kind}>${number(hour.counts[kind] ?? 0)}</td>`)}</tr>`)}</tbody></table>
  </figure>`;
}
