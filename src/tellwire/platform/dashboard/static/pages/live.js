// Events and messages as they happen: two columns that never move under the pointer.
import { html, useEffect, useMemo, useState } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Failure } from "/static/shared/ui/states.js";
import { Badge, Status, isFailure } from "/static/shared/ui/badge.js";
import { Time } from "/static/shared/ui/time.js";
import { Live, isAboutMessages } from "../live.js";
import { Column, useHeld } from "../parts/column.js";
import { FirstEvent } from "../parts/first-event.js";
import { eventAt, messageAt } from "../places.js";
import { Page } from "../shell.js";
import { count, errorName, number, timeOfDay } from "../words.js";

const LINES = { connecting: ["", "Connecting…"], live: ["good", "Connected"],
  waiting: ["warn", "Connection lost, trying again…"] };

const isOnTheWay = (row) => row.status === "sent" || row.detail === "delivered_to_operator";

const GROUPS = [
  ["all", "All messages", () => true],
  ["queued", "Queued", (row) => row.status === "queued"],
  ["sent", "Sent", isOnTheWay],
  ["delivered", "Delivered", (row) => ["delivered", "read"].includes(row.status) && !isOnTheWay(row)],
  ["failed", "Failed", (row) => isFailure(row.status)],
];

export default function LivePage() {
  const live = useMemo(() => new Live(), []);
  const [isPaused, setPaused] = useState(false);
  useEffect(() => { live.start(); return () => live.stop(); }, []);
  const isEmpty = live.isLoaded.value && !live.events.value.length && !live.messages.value.length;
  const pause = html`<button type="button" class="button" aria-pressed=${String(isPaused)}
    onClick=${() => setPaused(!isPaused)}>
    <${Icon} name=${isPaused ? "play" : "pause"} size=${14} />${isPaused ? "Resume" : "Pause"}</button>`;
  return html`<${Page} title="Live" mark=${html`<${Line} state=${live.line.value} isPaused=${isPaused} />`}
    actions=${pause}>
    ${live.error.value && html`<${Failure} error=${live.error.value} />`}
    ${isEmpty ? html`<div class="card"><${FirstEvent} /></div>`
      : html`<${Columns} live=${live} isPaused=${isPaused} onRelease=${() => setPaused(false)} />`}<//>`;
}

function Line({ state, isPaused }) {
  const [tone, word] = isPaused ? ["", "Paused"] : LINES[state];
  return html`<span class="row tight small muted" role="status"><span class="dot ${tone}" />${word}</span>`;
}

function Columns({ live, isPaused, onRelease }) {
  const [group, setGroup] = useState("all");
  const [hasOwn, setOwn] = useState(false);
  const all = live.events.value;
  const events = useHeld(hasOwn ? all : all.filter((row) => !isAboutMessages(row)), isPaused);
  const messages = useHeld(live.messages.value, isPaused);
  const isIn = GROUPS.find(([key]) => key === group)[2];
  const common = { isLoaded: live.isLoaded.value, onRelease };
  const own = html`<button type="button" class="chip" aria-pressed=${String(hasOwn)}
    onClick=${() => setOwn(!hasOwn)}>Notification events</button>`;
  return html`
    <${Chips} rows=${messages.rows} group=${group} onGroup=${setGroup} />
    <div class="live">
      <${Column} ...${common} title="Events" key=${`events ${hasOwn}`} rows=${events.rows} held=${events.held}
        tools=${own}
        none=${all.length ? "Only “Notification …” events lately." : "No event yet."}
        draw=${(row) => html`<${EventLine} row=${row} key=${row.id} />`} />
      <${Column} ...${common} title="Messages" key=${`messages ${group}`} rows=${messages.rows.filter(isIn)}
        held=${messages.held}
        none=${group === "all" ? "No message yet: no running campaign answered an event."
          : "None among the newest messages."}
        draw=${(row) => html`<${MessageLine} row=${row} key=${row.id} />`} />
    </div>`;
}

const Chips = ({ rows, group, onGroup }) => html`<div class="chips" role="group" aria-label="Show messages by status">
  ${GROUPS.map(([key, name, isIn]) => html`<button type="button" class="chip" key=${key}
    aria-pressed=${String(group === key)}
    onClick=${() => onGroup(key)}>${name} <b>${number(rows.filter(isIn).length)}</b></button>`)}</div>`;

// A row that did not change gives the very same element back, and is then not compared again.
const EventLine = ({ row }) => useMemo(() => html`<div class="line event">
  <${Time} class="muted small" at=${row.received_at} as=${timeOfDay} />
  <a class="whole cut strong" href=${eventAt(row.id)} aria-label="${row.name}, ${row.subject.value}">${row.name}</a>
  <span class="cut small muted">${row.subject.value}${reply(row)}</span>
  <span class="small muted number">${outcome(row)}</span></div>`, [row]);

/** What somebody wrote back, where the event is that. */
const reply = ({ properties }) => (properties["Incoming text"] ? `: “${properties["Incoming text"]}”` : "");

function outcome({ messages, skips }) {
  if (messages) return html`<${Badge} tone="accent" icon="message">${count(messages, "message")}<//>`;
  return skips ? count(skips, "skip") : "no message";
}

const MessageLine = ({ row }) => useMemo(() => html`<div class="line message">
  <${Time} class="muted small" at=${row.created_at} as=${timeOfDay} />
  <a class="whole cut strong number" href=${messageAt(row.id)}>${row.to}</a>
  <span class="cut small muted">${aside(row)}</span>
  <${Status} status=${row.status} detail=${row.detail} /></div>`, [row]);

const aside = (row) => [
  row.campaign_name || "Test message", row.parts > 1 && `${row.parts} parts`,
  row.error_code && errorName(row.error_code),
].filter(Boolean).join(" · ");
