// The columns of the table of campaigns.
import { Icon } from "/static/shared/ui/icons.js";
import { html } from "/static/shared/ui/preact.js";
import { Spark } from "/static/shared/ui/plot/spark.js";
import { Time } from "/static/shared/ui/time.js";
import { shortly } from "../day-words.js";
import { number, share } from "../words.js";
import { Standing } from "./campaign-state.js";
import { deliveredShare } from "./delivered.js";
import { Mini } from "./figures.js";

const isRoomy = innerWidth >= 1400;
const LABELS_PX = 1600; // from here on labels have a place of their own
const SPANS = { "24h": "24 hours", "14d": "14 days" };
const SPARK_PX = isRoomy ? 64 : 52;

/** `span` is that of the series. */
export const columnsOf = (span) => [
  { key: "name", name: "Name", isFixed: true, value: (row) => row.name },
  { key: "state", name: "State", width: innerWidth < 700 ? 7.75 : 8.5, value: (row) => row.standing,
    cell: (row) => html`<${Standing} of=${row} />` },
  { key: "when", name: "Who or when", width: isRoomy ? 12 : 9, isWide: true, value: (row) => row.when,
    cell: (row) => html`<${When} row=${row} />` },
  { key: "inside", name: "Inside", width: 5, isNumber: true, isWide: true, isHidden: !isRoomy,
    value: (row) => row.inside || null,
    cell: (row) => (row.inside ? number(row.inside) : "–") },
  { key: "sent", name: "Sent", width: 4.75, isNumber: true, isWide: true, value: sentOf,
    cell: (row) => (sentOf(row) == null ? "–" : number(row.sent)) },
  { key: "outcome", name: "Delivered", width: isRoomy ? 8.25 : 7.5, isWide: true, value: (row) => row.delivery.share,
    cell: (row) => html`<${Outcome} row=${row} />` },
  { key: "converted", name: "Converted", width: 7, isNumber: true, isWide: true,
    value: convertedOf, cell: (row) => html`<${Converted} goal=${row.goal} />` },
  { key: "series", name: SPANS[span], width: isRoomy ? 5.75 : 5, isWide: true, isUnsortable: true,
    value: (row) => row.series.join(" "), cell: (row) => html`<${Spark} name="Messages in ${SPANS[span]}"
      values=${row.series} width=${SPARK_PX} hasLast=${false}
      tone=${row.standing === "failing" ? "bad" : row.messages ? "going" : "idle"} />` },
  { key: "last", name: "Last", width: 5.5, isWide: true, value: (row) => row.next_at ?? row.last_message_at,
    cell: (row) => html`<${Last} row=${row} />` },
  { key: "labels", name: "Labels", width: 8, isWide: true, isHidden: innerWidth < LABELS_PX,
    value: (row) => row.labels.join(", ") || null, cell: (row) => row.labels.map((label) => html`
      <span class="badge" key=${label}>${label}</span> `) },
];

/** Nothing was sent and nothing tried: that is no zero. */
const sentOf = (row) => (row.messages ? row.sent : row.is_unpublished ? null : 0);

const convertedOf = ({ goal }) => (goal?.entered ? goal.reached / goal.entered : null);

function When({ row }) {
  const whom = row.who || (row.has_rule ? "with a rule" : "");
  const kind = row.kind === "event" ? "" : row.kind; // what most are needs no word
  return html`<span title=${[row.when, row.kind, whom].filter(Boolean).join(" · ")}>${row.when}
    <span class="k-muted small"> ${[kind, whom].filter(Boolean).join(" · ")}</span></span>`;
}

const Outcome = ({ row }) => html`<span class="k-row outcome"><${Mini} numbers=${row} />
  <span class="small k-muted">${row.messages ? deliveredShare(row.delivery) : ""}</span></span>`;

const Converted = ({ goal }) => (goal?.entered ? html`<span
  title="${number(goal.reached)} of ${number(goal.entered)}">${share(goal.reached, goal.entered)}
  ${isRoomy && html`<span class="k-muted small"> of ${number(goal.entered)}</span>`}</span>` : "–");

function Last({ row }) {
  if (row.next_at && row.standing !== "paused") {
    return html`<span class="k-row k-tight" title="Next run"><${Icon} name="clock" size=${12} label="Next run" />
      <${Time} at=${row.next_at} as=${shortly} /></span>`;
  }
  return row.last_message_at ? html`<${Time} at=${row.last_message_at} as=${shortly} />` : "–";
}
