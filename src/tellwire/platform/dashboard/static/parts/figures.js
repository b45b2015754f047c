// A campaign's numbers as pictures and tables.
import { html, useMemo } from "/static/shared/ui/preact.js";
import { Table } from "/static/shared/ui/table/table.js";
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

/** How often each reason came, of `all`. */
export function Reasons({ title, table, all, word }) {
  const rows = useMemo(() => Object.entries(table).map(([code, times]) => ({ id: code, times }))
    .sort((a, b) => b.times - a.times), [table]);
  const columns = useMemo(() => [
    { key: "reason", name: "Reason", isFixed: true, value: ({ id }) => word(id) },
    { key: "times", name: "Times", width: 6, isNumber: true, value: ({ times }) => times,
      cell: ({ times }) => number(times) },
    { key: "share", name: "Share", width: 6, isNumber: true, value: ({ times }) => times / all,
      cell: ({ times }) => share(times, all) },
  ], [all]);
  return html`<section class="stack close" aria-label=${title}><h2>${title}</h2>
    <${Table} name=${title} height="none" hasTools=${false} ...${{ rows, columns }} /></section>`;
}

/** What became of a campaign's messages, as one thin bar. */
export function Mini({ numbers }) {
  const under = numbers.messages - numbers.delivered - numbers.failed - numbers.queued;
  const pieces = [["good", numbers.delivered], ["going", under], ["idle", numbers.queued], ["bad", numbers.failed]];
  return html`<span class="mini" aria-hidden="true">${pieces.filter(([, value]) => value > 0)
    .map(([tone, value]) => html`<i key=${tone} class=${tone} style=${{ flexGrow: value }} />`)}</span>`;
}
