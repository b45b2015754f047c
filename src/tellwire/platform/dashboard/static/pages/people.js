// Profiles: people found by name, number or identity; the newest without a search.
import { html, useState } from "/static/shared/ui/preact.js";
import { TextField } from "/static/shared/ui/fields.js";
import { usePaged } from "/static/shared/ui/paged.js";
import { phone } from "/static/shared/ui/phone.js";
import { useRested } from "/static/shared/ui/resource.js";
import { here, putQuery } from "/static/shared/ui/router.js";
import { Empty, Failure } from "/static/shared/ui/states.js";
import { Table } from "/static/shared/ui/table/table.js";
import { Time } from "/static/shared/ui/time.js";
import { get, query } from "../api.js";
import { PEOPLE, personAt } from "../places.js";
import { Page } from "../shell.js";
import { when } from "../words.js";

const LIMIT = 100; // of one answer
const REST_MS = 200;
const LEAD = "Everybody whom an event or a profile record was about. Names and identities are found by how they begin.";

const isNarrow = innerWidth < 700;
const columns = [
  { key: "identity", name: "Identity", width: isNarrow ? 9 : 14, isFixed: true, isUnsortable: true,
    value: ({ identity }) => identity,
    cell: ({ identity }) => html`<a class="whole" href=${personAt(identity)}>${identity}</a>` },
  { key: "name", name: "Name", isUnsortable: true, value: ({ name }) => name },
  { key: "phone", name: "Number", width: 10, isUnsortable: true, value: (row) => (row.phone ? phone(row.phone) : "") },
  { key: "email", name: "E-mail", isWide: true, isUnsortable: true, value: ({ email }) => email },
  { key: "updated_at", name: "Changed", width: 8, isWide: true, isUnsortable: true, value: (row) => row.updated_at,
    cell: (row) => html`<${Time} at=${row.updated_at} as=${when} />` },
];

export default function People() {
  const [typed, setTyped] = useState(here.value.query.search ?? "");
  const search = useRested(typed.trim(), REST_MS);
  const list = usePaged(async (before, signal) => {
    const { people, next } = await get(`/people${query({ search, limit: LIMIT, before })}`, { signal });
    return { rows: people, next };
  }, [search]);
  const onTyped = (text) => { setTyped(text); putQuery(PEOPLE, { search: text.trim() }); };
  return html`<${Page} title="Profiles" crumbs=${[["People"], ["Profiles"]]} lead=${LEAD}>
    <form class="search" role="search" onSubmit=${(event) => event.preventDefault()}>
      <${TextField} label="Name, number or identity" type="search" data-search placeholder="Ann, +65 9123 or u-1042"
        value=${typed} onValue=${onTyped} /></form>
    ${list.error && html`<${Failure} error=${list.error} retry=${list.reload} />`}
    ${!(list.error && !list.isLoaded) && html`<${Table} name="Profiles" isMain=${true} height="none" columns=${columns}
      rows=${list.isLoaded ? list.rows : undefined} idOf=${({ identity }) => identity}
      empty=${html`<${None} search=${search} />`}
      footer=${list.next && html`<button type="button" class="button" onClick=${list.more}
        aria-disabled=${list.isBusy ? "true" : undefined}>${list.isBusy ? "Looking…" : "Older ones"}</button>`}
      />`}<//>`;
}

const None = ({ search }) => (search
  ? html`<${Empty} title="Nobody is called so"><p>No identity or name begins with “${search}”, and no number.</p><//>`
  : html`<${Empty} title="Nobody is known yet" icon="person"><p>People come with the first event or profile record
    that is uploaded.</p><//>`);
