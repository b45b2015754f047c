// Texts from handsets: searched by either number, and how far their posts to customers are.
import { html, useEffect, useState } from "/static/shared/ui/preact.js";
import { SelectField, TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { usePaged } from "/static/shared/ui/paged.js";
import { query } from "/static/shared/ui/request.js";
import { useRested } from "/static/shared/ui/answer.js";
import { here, putQuery } from "/static/shared/ui/router.js";
import { Empty, Failure } from "/static/shared/ui/states.js";
import { get } from "../api.js";
import { useData } from "../data.js";
import { TextTable } from "../parts/text-table.js";
import { INBOUND, NUMBERS } from "../places.js";
import { Page } from "../shell.js";

const SPANS = [["", "Any time"], ["1", "Last hour"], ["24", "Last 24 hours"], ["168", "Last 7 days"]];
const RESTS_MS = 250;

export default function InboundPage() {
  const asked = here.value.query;
  const [words, setWords] = useState(asked.q ?? "");
  const rested = useRested(words, RESTS_MS);
  const set = (change) => putQuery(INBOUND, { ...here.value.query, ...change });
  useEffect(() => { if ((asked.q ?? "") !== rested) set({ q: rested }); }, [rested]);
  const accounts = useData("/accounts", ["accounts", "subaccounts"]);
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
    ${(list.isLoaded || !list.error) && html`<${TextTable} rows=${list.isLoaded ? list.rows : undefined}
      empty=${html`<${None} isFiltered=${Object.values(filter).some(Boolean)} />`}
      footer=${list.next && html`<button type="button" class="button"
        aria-disabled=${list.isBusy ? "true" : undefined} onClick=${list.more}>
        ${list.isBusy ? "Looking…" : "Look further back"}</button>`} />`}<//>`;
}

const None = ({ isFiltered }) => isFiltered
  ? html`<${Empty} title="No text is like that"><p>Try fewer digits of the number, or any time.</p><//>`
  : html`<${Empty} title="No text yet"><p>Give a subaccount a virtual number under <a href=${NUMBERS}>Senders</a>; what
    handsets write to it stands here. A handset of the simulator can write too.</p><//>`;
