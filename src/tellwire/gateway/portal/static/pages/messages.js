// Finding messages: by number, umid or client id, by status and subaccount; and the same as CSV.
import { html, useEffect, useState } from "/static/shared/ui/preact.js";
import { SelectField, TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { usePaged } from "/static/shared/ui/paged.js";
import { query } from "/static/shared/ui/request.js";
import { useResource, useRested } from "/static/shared/ui/resource.js";
import { here, putQuery } from "/static/shared/ui/router.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { Status } from "/static/shared/ui/status.js";
import { Time } from "/static/shared/ui/time.js";
import { count, number, when } from "/static/shared/ui/words.js";
import { API, get } from "../api.js";
import { ShortId } from "../id.js";
import { MESSAGES, SIMULATOR, messageAt } from "../places.js";
import { Page } from "../shell.js";

const STATUSES = [["", "All"], ["queued", "Queued"], ["sent", "Sent"], ["delivered", "Delivered"],
  ["failed", "Failed"]];
const SPANS = [["", "Any time"], ["1", "Last hour"], ["24", "Last 24 hours"], ["168", "Last 7 days"]];
const RESTS_MS = 250;

async function load(filter, before, signal) {
  const { messages, ...page } = await get(`/messages${query({ ...filter, before })}`, { signal });
  return { rows: messages, ...page };
}

export default function MessagesPage() {
  const asked = here.value.query;
  const [words, setWords] = useState(asked.q ?? "");
  const rested = useRested(words, RESTS_MS);
  const set = (change) => putQuery(MESSAGES, { ...here.value.query, ...change });
  useEffect(() => { if ((asked.q ?? "") !== rested) set({ q: rested }); }, [rested]);
  const accounts = useResource((signal) => get("/accounts", { signal }), []);
  const filter = { q: asked.q, status: asked.status, subaccount: asked.subaccount, hours: asked.hours };
  const list = usePaged((before, signal) => load(filter, before, signal), Object.values(filter));
  const lookedAt = list.pages.reduce((sum, page) => sum + page.looked_at, 0);
  const reached = list.pages.at(-1)?.reached;
  const subaccounts = accounts.data?.subaccounts ?? [];

  return html`<${Page} title="Messages"
    actions=${html`<a class="button" href="${API}/messages.csv${query(filter)}" download>
    <${Icon} name="file" size=${14} />CSV</a>`}>
    <form class="search" role="search" onSubmit=${(event) => { event.preventDefault(); list.reload(); }}>
      <${TextField} label="Find" value=${words} onValue=${setWords} data-search type="search"
        placeholder="Number, umid, client or batch id" spellcheck=${false} />
      <${SelectField} label="Subaccount" value=${asked.subaccount ?? ""}
        onValue=${(value) => set({ subaccount: value })}
        options=${[["", "All"], ...subaccounts.map(({ id }) => [id, id])]} />
      <${SelectField} label="Sent" value=${asked.hours ?? ""} onValue=${(value) => set({ hours: value })}
        options=${SPANS} />
    </form>
    <div class="row"><div class="chips" role="group" aria-label="Status">${STATUSES.map(([key, name]) => html`
      <button type="button" class="chip" key=${key} aria-pressed=${String((asked.status ?? "") === key)}
        onClick=${() => set({ status: key })}>${name}</button>`)}</div>
      <button type="button" class="button quiet little push" onClick=${list.reload}>
        <${Icon} name="again" size=${13} />Refresh</button></div>
    ${list.error && html`<${Failure} error=${list.error} retry=${list.reload} />`}
    <section class="card" aria-label="Messages found">
      ${list.rows.length > 0 && html`<${Table} rows=${list.rows} />`}
      ${!list.isLoaded && !list.error ? html`<${Bones} rows=${8} />` : list.rows.length === 0 && !list.error
        && html`<${None} isFiltered=${Object.values(filter).some(Boolean)} list=${list} />`}
      ${list.next && html`<div class="more">
        <button type="button" class="button" aria-disabled=${list.isBusy ? "true" : undefined} onClick=${list.more}>
        ${list.isBusy ? "Looking…" : list.rows.length % 50 ? "Look further back" : "Older messages"}</button>
        <span class="small muted" role="status">
          ${reached && `Looked back to ${when(reached)}${list.rows.length % 50
          ? `, through ${count(lookedAt, "message")}` : ""}.`}</span></div>`}
    </section><//>`;
}

const None = ({ isFiltered, list }) => isFiltered
  ? html`<${Empty} title=${list.next ? "None found so far" : "No message is like that"}>
    <p>${list.next ? "Older messages have not been looked through yet."
    : "Try fewer digits of the number, another status or any time."}</p><//>`
  : html`<${Empty} title="No message yet"><p>Send one to a number of the <a href=${SIMULATOR}>simulator</a>, and it
    stands here at once.</p><//>`;

const Table = ({ rows }) => html`<table class="table"><thead><tr><th scope="col">To</th>
    <th scope="col" class="wide">From</th><th scope="col">Status</th><th scope="col" class="wide">Subaccount</th>
    <th scope="col" class="wide number">Parts</th><th scope="col" class="wide">Client id</th>
    <th scope="col" class="wide number">Time</th></tr></thead>
  <tbody>${rows.map((row) => html`<tr key=${row.umid}>
    <td><a class="whole nowrap" href=${messageAt(row.umid)}>${row.to}</a>
      <span class="narrow small muted break"><br />${when(row.created_at)} · ${row.subaccount}</span></td>
    <td class="wide">${row.source}</td>
    <td><${Status} status=${row.status} detail=${row.detail} />
      ${row.error && html`<span class="small muted wide-inline"> ${row.error}</span>`}</td>
    <td class="wide"><${Cut}>${row.subaccount}<//></td><td class="wide number">${number(row.parts)}</td>
    <td class="wide">${row.client_id ? html`<${ShortId}>${row.client_id}<//>` : html`<span class="muted">–</span>`}</td>
    <td class="wide number nowrap"><${Time} at=${row.created_at} as=${when} /></td></tr>`)}</tbody></table>`;

const Cut = ({ children }) => html`<span class="id short-name" title=${children}>${children}</span>`;
