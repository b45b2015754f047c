// Messages, newest first, by campaign and number.
import { html, useEffect, useRef, useState } from "/static/shared/ui/preact.js";
import { SelectField, TextField } from "/static/shared/ui/fields.js";
import { usePaged } from "/static/shared/ui/paged.js";
import { useRested } from "/static/shared/ui/answer.js";
import { here, putQuery } from "/static/shared/ui/router.js";
import { Empty, Failure } from "/static/shared/ui/states.js";
import { integer, text, typedQuery } from "/static/shared/ui/typed-query.js";
import { get, query } from "../api.js";
import { useData } from "../data.js";
import { MessageTable } from "../parts/message-table.js";
import { Newer, useNews } from "../parts/news.js";
import { messageOf } from "../shape.js";
import { Page } from "../shell.js";

const TOPICS = /** @type {const} */ (["messages"]);
const LIMIT = 50; // a screenful or two; more on demand
const HEIGHT = "max(20rem, calc(100dvh - 19.5rem))"; // the page itself does not scroll
const REST_MS = 300;
const LEAST_DIGITS = 7; // of a number: with fewer it is still being typed

const FILTER = typedQuery({ campaign_id: integer(), to: text() });

const isWhole = ({ to }) => !to || to.replace(/\D/g, "").length >= LEAST_DIGITS;

/** @returns {`/messages?${string}`} */
const pathOf = ({ campaign_id, to }, before = null) =>
  `/messages?${query({ limit: LIMIT, campaign_id, to: to.replace(/[^\d+]/g, ""), before }).slice(1)}`;

const rowsIn = ({ messages }) => messages.map(messageOf);

async function ask(filter, before, signal) {
  const answer = await get(pathOf(filter, before), { signal });
  const { messages } = answer;
  return { rows: rowsIn(answer), next: messages.length < LIMIT ? null : messages.at(-1).id };
}

export default function Messages() {
  const [filter, setFilter] = useState(() => {
    const { campaign_id: id, to } = FILTER.read(here.value.query);
    return { campaign_id: id === null ? "" : String(id), to };
  });
  const whole = useRef(filter);
  if (isWhole(filter)) whole.current = filter;
  const rested = useRested(whole.current, REST_MS);
  const list = usePaged((before, signal) => ask(rested, before, signal), [rested.campaign_id, rested.to]);
  useEffect(() => putQuery("/messages", rested), [rested.campaign_id, rested.to]);
  const news = useNews({ list, path: pathOf(rested), topics: TOPICS, rowsIn });
  return html`<${Page} title="Messages" actions=${html`<${Newer} news=${news} onPress=${list.reload} />`}>
    <${Filter} filter=${filter} onFilter=${setFilter} onSubmit=${list.reload} error=${list.error} />
    ${list.error && !list.error.fields?.to && html`<${Failure} error=${list.error} retry=${list.reload} />`}
    ${!(list.error && !list.rows.length) && html`<${MessageTable} isMain=${true} height=${HEIGHT}
      messages=${list.isLoaded ? news.rows : undefined} empty=${html`<${None} filter=${rested} />`}
      footer=${list.next && html`<button type="button" class="button" onClick=${list.more}
        aria-disabled=${list.isBusy ? "true" : undefined}>${list.isBusy ? "Looking…" : "Older messages"}</button>`} />`}
    <//>`;
}

function Filter({ filter, onFilter, onSubmit, error }) {
  const { data } = useData("/campaigns", ["campaigns"]);
  const campaigns = (data?.campaigns ?? []).map((one) => [String(one.id), one.name]);
  const submit = (event) => { event.preventDefault(); onSubmit(); };
  return html`<form class="search message-search" role="search" onSubmit=${submit}>
    <${TextField} label="Number" type="search" inputmode="tel" data-search placeholder="+65 9123 0000  ( / )"
      error=${error?.fields?.to} hint="The whole number, with its country code"
      value=${filter.to} onValue=${(to) => onFilter({ ...filter, to })} />
    <${SelectField} label="Campaign" value=${filter.campaign_id}
      onValue=${(id) => onFilter({ ...filter, campaign_id: id })}
      options=${[["", "All campaigns"], ...campaigns]} /></form>`;
}

const None = ({ filter }) => (filter.campaign_id || filter.to
  ? html`<${Empty} title="No such message">
      <p>No message fits this number and campaign. Ask under Explain why somebody got none.</p>
      <a class="button" href="/explain${query({ phone: filter.to })}">Explain</a><//>`
  : html`<${Empty} title="No message yet">
      <p>Messages appear when a running campaign answers an event.</p><a class="button" href="/campaigns">Campaigns</a>
        <//>`);
