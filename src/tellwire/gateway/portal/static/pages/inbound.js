// Texts from handsets: searched by either number, and how far their posts to customers are.
import { html, useEffect, useState } from "/static/shared/ui/preact.js";
import { SelectField, TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { usePaged } from "/static/shared/ui/paged.js";
import { query } from "/static/shared/ui/request.js";
import { useResource, useRested } from "/static/shared/ui/resource.js";
import { here, putQuery } from "/static/shared/ui/router.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { Time } from "/static/shared/ui/time.js";
import { when } from "/static/shared/ui/words.js";
import { get } from "../api.js";
import { INBOUND, NUMBERS, inboundAt } from "../places.js";
import { Page } from "../shell.js";
import { Forwarding } from "../forwarding.js";

const SPANS = [["", "Any time"], ["1", "Last hour"], ["24", "Last 24 hours"], ["168", "Last 7 days"]];
const RESTS_MS = 250;

export default function InboundPage() {
  const asked = here.value.query;
  const [words, setWords] = useState(asked.q ?? "");
  const rested = useRested(words, RESTS_MS);
  const set = (change) => putQuery(INBOUND, { ...here.value.query, ...change });
  useEffect(() => { if ((asked.q ?? "") !== rested) set({ q: rested }); }, [rested]);
  const accounts = useResource((signal) => get("/accounts", { signal }), []);
  const filter = { q: asked.q, subaccount: asked.subaccount, hours: asked.hours };
  const list = usePaged(async (before, signal) => {
    const { texts, ...page } = await get(`/inbound${query({ ...filter, before })}`, { signal });
    return { rows: texts, ...page };
  }, Object.values(filter));
  const refresh = html`<button type="button" class="button" onClick=${list.reload}>
    <${Icon} name="again" size=${14} />Refresh</button>`;

  return html`<${Page} title="Inbound"
    lead="What handsets wrote to your numbers, long texts joined, and whether the subaccount was told."
    actions=${refresh}>
    <form class="search" role="search" onSubmit=${(event) => { event.preventDefault(); list.reload(); }}>
      <${TextField} label="Find" value=${words} onValue=${setWords} data-search type="search"
        placeholder="Either number, or umid" spellcheck=${false} />
      <${SelectField} label="Subaccount" value=${asked.subaccount ?? ""} onValue=${(subaccount) => set({ subaccount })}
        options=${[["", "All"], ...(accounts.data?.subaccounts ?? []).map(({ id }) => [id, id])]} />
      <${SelectField} label="Received" value=${asked.hours ?? ""} onValue=${(hours) => set({ hours })}
        options=${SPANS} />
    </form>
    ${list.error && html`<${Failure} error=${list.error} retry=${list.reload} />`}
    <section class="card" aria-label="Texts found" aria-busy=${String(list.isBusy)}>
      ${list.rows.length > 0 && html`<${Table} rows=${list.rows} />`}
      ${!list.isLoaded ? !list.error && html`<${Bones} rows=${8} />` : list.rows.length === 0
        && html`<${None} isFiltered=${Object.values(filter).some(Boolean)} />`}
      ${list.next && html`<div class="more">
        <button type="button" class="button" aria-disabled=${list.isBusy ? "true" : undefined} onClick=${list.more}>
        ${list.isBusy ? "Looking…" : "Look further back"}</button></div>`}
    </section><//>`;
}

const None = ({ isFiltered }) => isFiltered
  ? html`<${Empty} title="No text is like that"><p>Try fewer digits of the number, or any time.</p><//>`
  : html`<${Empty} title="No text yet"><p>Give a subaccount a virtual number under <a href=${NUMBERS}>Senders</a>; what
    handsets write to it stands here. A handset of the simulator can write too.</p><//>`;

const Table = ({ rows }) => html`<table class="table stacked"><thead><tr><th scope="col">From</th>
  <th scope="col">To</th>
    <th scope="col">Text</th><th scope="col" class="wide">Subaccount</th><th scope="col">Told</th>
    <th scope="col" class="number">Received</th></tr></thead>
  <tbody>${rows.map((row) => html`<tr key=${row.umid}>
    <td><a class="whole nowrap" href=${inboundAt(row.umid)}>${row.from}</a></td>
    <td class="nowrap"><span class="narrow muted">to </span>${row.to}</td>
    <td class="text-cell"><${Words} row=${row} /></td>
    <td class="wide">${row.subaccount
      ? html`<span class="id short-name" title=${row.subaccount}>${row.subaccount}</span>`
      : html`<span class="muted">nobody's number</span>`}</td>
    <td><${Forwarding} state=${row.told} /></td>
    <td class="number nowrap"><${Time} at=${row.received_at} as=${when} /></td></tr>`)}</tbody></table>`;

const Words = ({ row }) => html`
  ${row.beginning === null ? html`<span class="muted small">for developers and owners</span>`
    : html`<span class="text-beginning" dir="auto">${row.beginning}</span>`}
  ${!row.is_whole && html`<span class="bad-text small"> A part is missing.</span>`}`;
