// Messages, newest first, by campaign and number.
import { html, useEffect, useState } from "/static/shared/ui/preact.js";
import { SelectField, TextField } from "/static/shared/ui/fields.js";
import { useResource, useRested } from "/static/shared/ui/resource.js";
import { here, putQuery } from "/static/shared/ui/router.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { get, query } from "../api.js";
import { MessageTable } from "../parts/message-table.js";
import { messageOf } from "../shape.js";
import { Page } from "../shell.js";

const LIMIT = 50; // a screenful or two; more on demand
const REST_MS = 300;

async function ask({ campaign_id, to, before }, options) {
  const { messages } = await get(`/messages${query({ limit: LIMIT, campaign_id, to: to.replace(/[^\d+]/g, ""), before })}`, options);
  return messages.map(messageOf);
}

export default function Messages() {
  const [filter, setFilter] = useState({ campaign_id: here.value.query.campaign_id ?? "", to: here.value.query.to ?? "" });
  const rested = useRested(filter, REST_MS);
  const { data, error, reload } = useResource((signal) => ask(rested, { signal }), [rested.campaign_id, rested.to]);
  useEffect(() => putQuery(rested), [rested.campaign_id, rested.to]);
  return html`<${Page} title="Messages">
    <${Filter} filter=${filter} onFilter=${setFilter} onRefresh=${reload} error=${error} />
    ${error ? html`<${Failure} error=${error} retry=${reload} />`
      : !data ? html`<div class="card"><${Bones} rows=${10} /></div>`
      : data.length ? html`<${List} key=${JSON.stringify(rested)} newest=${data} filter=${rested} />` : html`<${None} filter=${rested} />`}<//>`;
}

function Filter({ filter, onFilter, onRefresh, error }) {
  const { data } = useResource((signal) => get("/campaigns", { signal }), []);
  const campaigns = (data?.campaigns ?? []).map((one) => [String(one.id), one.name]);
  const submit = (event) => { event.preventDefault(); onRefresh(); };
  return html`<form class="search" role="search" onSubmit=${submit}>
    <${TextField} label="Number" type="search" inputmode="tel" data-search placeholder="+65 9123 0000  ( / )" error=${error?.fields?.to}
      value=${filter.to} onValue=${(to) => onFilter({ ...filter, to })} />
    <${SelectField} label="Campaign" value=${filter.campaign_id} onValue=${(id) => onFilter({ ...filter, campaign_id: id })}
      options=${[["", "All campaigns"], ...campaigns]} />
    <button class="button">Refresh</button></form>`;
}

/** What was loaded first, and older ones as they are asked for. */
function List({ newest, filter }) {
  const [older, setOlder] = useState([]);
  const [isWhole, setWhole] = useState(newest.length < LIMIT);
  const known = new Set(newest.map((row) => row.id));
  const rows = [...newest, ...older.filter((row) => !known.has(row.id))];
  const more = async () => {
    try {
      const found = await ask({ ...filter, before: rows.at(-1).id });
      setOlder([...older, ...found]);
      setWhole(found.length < LIMIT);
    } catch (error) {
      toast(error.message);
    }
  };
  return html`<section class="card" aria-label="Messages"><${MessageTable} messages=${rows} /></section>
    ${!isWhole && html`<div class="row"><button type="button" class="button" onClick=${more}>Older messages</button></div>`}`;
}

const None = ({ filter }) => html`<div class="card">${filter.campaign_id || filter.to
  ? html`<${Empty} title="No such message">
      <p>No message fits this number and campaign. Ask under Explain why somebody got none.</p>
      <a class="button" href="/explain${query({ phone: filter.to })}">Explain</a><//>`
  : html`<${Empty} title="No message yet">
      <p>Messages appear when a running campaign answers an event.</p><a class="button" href="/campaigns">Campaigns</a><//>`}</div>`;
