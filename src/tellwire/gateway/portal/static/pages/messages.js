// Finding messages: by number, umid or client id, by status and subaccount; and the same as CSV.
import { html, useEffect, useState } from "/static/shared/ui/preact.js";
import { SelectField, TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { usePaged } from "/static/shared/ui/paged.js";
import { query } from "/static/shared/ui/request.js";
import { useRested } from "/static/shared/ui/answer.js";
import { here, putQuery } from "/static/shared/ui/router.js";
import { Empty, Failure } from "/static/shared/ui/states.js";
import { count, when } from "/static/shared/ui/words.js";
import { API, get } from "../api.js";
import { useData } from "../data.js";
import { MessageTable } from "../parts/message-table.js";
import { MESSAGES, SIMULATOR } from "../places.js";
import { Page } from "../shell.js";

const STATUSES = [["", "All"], ["queued", "Queued"], ["sent", "Sent"], ["delivered", "Delivered"],
  ["failed", "Failed"]];
const SPANS = [["", "Any time"], ["1", "Last hour"], ["24", "Last 24 hours"], ["168", "Last 7 days"]];
const RESTS_MS = 250;
const PAGE = 50; // messages of one answer

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
  const accounts = useData("/accounts", ["accounts", "subaccounts"]);
  const filter = { q: asked.q, status: asked.status, subaccount: asked.subaccount, hours: asked.hours };
  const list = usePaged((before, signal) => load(filter, before, signal), Object.values(filter));
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
    ${(list.isLoaded || !list.error) && html`<${MessageTable} rows=${list.isLoaded ? list.rows : undefined}
      empty=${html`<${None} isFiltered=${Object.values(filter).some(Boolean)} list=${list} />`}
      footer=${list.next && html`<${Older} ...${{ list }} />`} />`}<//>`;
}

function Older({ list }) {
  const lookedAt = list.pages.reduce((sum, page) => sum + page.looked_at, 0);
  const reached = list.pages.at(-1)?.reached;
  const isSparse = list.rows.length % PAGE > 0; // fewer than a page were found: it was a long look
  return html`<div class="row">
    <button type="button" class="button" aria-disabled=${list.isBusy ? "true" : undefined} onClick=${list.more}>
      ${list.isBusy ? "Looking…" : isSparse ? "Look further back" : "Older messages"}</button>
    <span class="small muted" role="status">
      ${reached && `Looked back to ${when(reached)}${isSparse ? `, through ${count(lookedAt, "message")}` : ""}.`}
      </span></div>`;
}

const None = ({ isFiltered, list }) => isFiltered
  ? html`<${Empty} title=${list.next ? "None found so far" : "No message is like that"}>
    <p>${list.next ? "Older messages have not been looked through yet."
    : "Try fewer digits of the number, another status or any time."}</p><//>`
  : html`<${Empty} title="No message yet"><p>Send one to a number of the <a href=${SIMULATOR}>simulator</a>, and it
    stands here at once.</p><//>`;
