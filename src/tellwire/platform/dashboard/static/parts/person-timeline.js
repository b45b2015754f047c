// What happened to one person, the newest first: events, messages, consent, and campaigns that they left.
import { html } from "/static/shared/ui/preact.js";
import { usePaged } from "/static/shared/ui/paged.js";
import { Status } from "/static/shared/ui/status.js";
import { Empty, Failure } from "/static/shared/ui/states.js";
import { Time } from "/static/shared/ui/time.js";
import { get, query } from "../api.js";
import { eventAt, messageAt } from "../places.js";
import { count, when } from "../words.js";
import { Card } from "./card.js";

const KINDS = { event: "Event", message: "Message", consent: "Consent", left: "Left" };
const LIMIT = 50;

/** What an event led to, in a few words; empty if no campaign answered it. */
const ledTo = ({ messages, skips }) => [messages && count(messages, "message"), skips && count(skips, "skip")]
  .filter(Boolean).join(", ");

export function PersonTimeline({ person }) {
  const list = usePaged(async (before, signal) => {
    if (before === null) return { rows: person.timeline, next: person.next };
    const { timeline, next } = await get(
      `/people/${encodeURIComponent(person.identity)}${query({ before, limit: LIMIT })}`, { signal });
    return { rows: timeline, next };
  }, [person.identity, person.updated_at]);
  return html`<${Card} title="What happened">
    ${list.error && html`<${Failure} error=${list.error} retry=${list.reload} />`}
    ${list.isLoaded && !list.rows.length && html`<${Empty} title="Nothing yet"><p>No event of theirs is kept.</p><//>`}
    ${list.rows.length > 0 && html`<table class="table"><thead><tr><th scope="col">When</th><th scope="col">What</th>
      <th scope="col">Which</th><th scope="col" class="wide">Led to</th></tr></thead>
      <tbody>${list.rows.map((one, place) => html`<${Row} key=${place} one=${one} />`)}</tbody></table>`}
    ${list.next && html`<button type="button" class="button" onClick=${list.more}
      aria-disabled=${list.isBusy ? "true" : undefined}>${list.isBusy ? "Looking…" : "Older"}</button>`}<//>`;
}

const Row = ({ one }) => html`<tr>
  <td class="nowrap muted"><${Time} at=${one.at} as=${when} /></td>
  <td class="nowrap">${KINDS[one.kind]}</td>
  <td class="break"><${Title} one=${one} /></td>
  <td class="wide muted small break">${one.kind === "message" ? html`<${Status} status=${one.status} />`
    : one.kind === "event" ? ledTo(one) : one.detail}</td></tr>`;

const Title = ({ one }) => (one.event_id ? html`<a class="whole" href=${eventAt(one.event_id)}>${one.title}</a>`
  : one.message_id ? html`<a class="whole" href=${messageAt(one.message_id)}>${one.title || "Message"}</a>`
  : one.title);
