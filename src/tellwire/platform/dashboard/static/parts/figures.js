// A campaign's numbers as pictures and tables.
import { html } from "/static/shared/ui/preact.js";
import { number, share } from "../words.js";
import { deliveredOf, deliveredShare } from "./delivered.js";

/** `first` names what everything is a share of. */
export function Funnel({ numbers, delivery, first = "Events seen" }) {
  const steps = [
    [first, numbers.decisions, "accent"], ["Messages", numbers.messages, "accent"],
    ["Sent", numbers.sent, "going"],
    ["Delivered", numbers.delivered, "good"], ["Failed", numbers.failed, "bad"],
  ];
  const most = Math.max(1, numbers.decisions);
  return html`<ol class="funnel">${steps.map(([name, value, tone]) => html`<li key=${name}>
      <span>${name}</span>
      <span class="track" aria-hidden="true">
        ${value > 0 && html`<span class="fill ${tone}" style=${{ width: `${100 * value / most}%` }} />`}</span>
      <span class="number"><span class="strong">${number(value)}</span><br /><span class="tiny muted">
        ${name === "Delivered" ? deliveredShare(delivery) : share(value, numbers.decisions)}</span></span>
    </li>`)}</ol>
    <p class="hint">Delivered: ${deliveredOf(delivery)} · ${number(numbers.queued)} wait in the queue
      · ${number(numbers.parts)} parts in all</p>`;
}

export function Reasons({ title, table, all, none, word }) {
  const rows = Object.entries(table).sort((a, b) => b[1] - a[1]);
  return html`<section class="card" aria-label=${title}><div class="head"><h2>${title}</h2></div>
    ${rows.length ? html`<table class="table">
      <thead><tr><th scope="col">Reason</th><th scope="col" class="number">Times</th><th scope="col"
        class="number">Share</th></tr></thead>
      <tbody>${rows.map(([code, times]) => html`<tr key=${code}>
        <td>${word(code)}</td><td class="number">${number(times)}</td><td class="number">${share(times, all)}</td>
          </tr>`)}</tbody>
    </table>` : html`<p class="empty">${none}</p>`}</section>`;
}

/** What became of a campaign's messages, as one thin bar. */
export function Mini({ numbers }) {
  const under = numbers.messages - numbers.delivered - numbers.failed - numbers.queued;
  const pieces = [["good", numbers.delivered], ["going", under], ["idle", numbers.queued], ["bad", numbers.failed]];
  return html`<span class="mini" aria-hidden="true">${pieces.filter(([, value]) => value > 0)
    .map(([tone, value]) => html`<i key=${tone} class=${tone} style=${{ flexGrow: value }} />`)}</span>`;
}
