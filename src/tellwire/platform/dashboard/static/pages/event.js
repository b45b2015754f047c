// One event: what came, and every campaign's answer to it.
import { html, useMemo } from "/static/shared/ui/preact.js";
import { Code } from "/static/shared/ui/copy.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { Time } from "/static/shared/ui/time.js";
import { prefetch as fetchAhead, useData } from "../data.js";
import { Card } from "../parts/card.js";
import { Answer } from "../parts/trace.js";
import { explainAt, profileAt } from "../places.js";
import { eventOf } from "../shape.js";
import { Page } from "../shell.js";

const OUTSIDE = "No: it happened outside the triggering window, 2 h back to 2 min ahead";

const TOPICS = /** @type {const} */ (["events"]); // it may not be decided yet
/** @returns {`/events/${string}`} */
const at = (id) => `/events/${encodeURIComponent(id)}`;

export const prefetch = ({ id }) => fetchAhead(at(id), TOPICS);

export default function EventPage({ id }) {
  const { data: found, error, reload } = useData(at(id), TOPICS);
  const data = useMemo(() => found && { event: eventOf(found.event), decisions: found.decisions }, [found]);
  const title = data?.event.name ?? "Event";
  const explain = data && html`<a class="button" href=${explainAt(data.event.subject, id)}>Explain</a>`;
  return html`<${Page} title=${title} crumbs=${[["Live", "/live"], [title]]} actions=${explain}>
    ${data ? html`<${Whole} ...${data} />`
      : error ? html`<${Failure} error=${error} retry=${reload} />` : html`<div class="card"><${Bones} rows=${8} />
        </div>`}<//>`;
}

const Whole = ({ event, decisions }) => html`
  <div class="halves">
    <${Card} title="What came"><${Facts} event=${event} /><//>
    <${Card} title="Properties"><${Code} text=${JSON.stringify(event.properties, null, 2)} label="the properties" /><//>
  </div>
  <h2>What campaigns answered</h2>
  ${decisions.map((one, at) => html`<${Answer} key=${at} id=${one.campaign_id} name=${one.campaign_name}
    messageId=${one.message_id} code=${one.code} reason=${one.reason} trace=${one.trace} />`)}
  ${!decisions.length && html`<div class="card"><p class="empty">No running campaign listened to “${event.name}” when
    it came.</p></div>`}`;

const Facts = ({ event }) => html`<dl class="facts">
  <dt>Who</dt><dd><a href=${profileAt(event.subject)}>${event.subject.value}
    </a> <span class="muted small">(${event.subject.kind})</span></dd>
  <dt>Happened</dt><dd><${Time} at=${event.occurred_at} /></dd>
  <dt>Received</dt><dd><${Time} at=${event.received_at} /></dd>
  <dt>By</dt><dd>${event.source}</dd>
  <dt>May trigger</dt><dd>${event.may_trigger ? "Yes" : OUTSIDE}</dd>
  <dt>Event id</dt><dd class="mono">${event.id}</dd></dl>`;
