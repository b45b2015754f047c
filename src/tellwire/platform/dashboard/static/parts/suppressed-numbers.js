// The list of suppressed numbers: found by number and source, added, released, imported, exported.
import { html, useState } from "/static/shared/ui/preact.js";
import { SelectField, TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { usePaged } from "/static/shared/ui/paged.js";
import { phone } from "/static/shared/ui/phone.js";
import { useRested } from "/static/shared/ui/answer.js";
import { Empty, Failure } from "/static/shared/ui/states.js";
import { Table } from "/static/shared/ui/table/table.js";
import { Time } from "/static/shared/ui/time.js";
import { get, query } from "../api.js";
import { SOURCES } from "../inbox-words.js";
import { number, when } from "../words.js";
import { ReleaseDialog, SuppressDialog } from "./suppress-dialogs.js";
import { ImportDialog } from "./suppression-import.js";

const LIMIT = 100; // of one answer
const REST_MS = 300;
const LEAST_DIGITS = 7; // of a number: with fewer it is still being typed
const NEVER = new Set(["expiry", "campaign"]); // sources of lines of the ledger that suppress nothing
const OPTIONS = [["", "Everybody"], ...Object.entries(SOURCES).filter(([key]) => !NEVER.has(key))];

const isNarrow = innerWidth < 700;
const columns = [
  { key: "address", name: "Number", width: isNarrow ? 9 : 12, isFixed: true, isUnsortable: true,
    value: ({ address }) => phone(address) },
  { key: "source", name: "Asked by", width: isNarrow ? 7 : 14, isUnsortable: true,
    value: ({ source }) => SOURCES[source] ?? source },
  { key: "reason", name: "Reason", isWide: true, isUnsortable: true, value: ({ reason }) => reason },
  { key: "by", name: "Who", width: 11, isWide: true, isUnsortable: true, value: ({ by }) => by },
  { key: "until", name: "Until", width: 8, isWide: true, isUnsortable: true, value: ({ until }) => until ?? "",
    cell: ({ until }) => (until ? html`<${Time} at=${until} as=${when} />` : html`<span class="muted">always</span>`) },
  { key: "at", name: "Since", width: isNarrow ? 6 : 8, isUnsortable: true, value: ({ at }) => at,
    cell: ({ at }) => html`<${Time} at=${at} as=${when} />` },
];

const isWhole = (typed) => !typed || typed.replace(/\D/g, "").length >= LEAST_DIGITS;

function useSuppressed({ source, typed }) {
  const rested = useRested(isWhole(typed) ? typed : "", REST_MS);
  const [total, setTotal] = useState(null);
  const list = usePaged(async (before, signal) => {
    const { suppressions, counts, next } = await get(
      `/suppressions${query({ limit: LIMIT, before, source, phone: rested })}`, { signal });
    setTotal(Object.values(counts).reduce((sum, one) => sum + one, 0));
    return { rows: suppressions, next };
  }, [source, rested]);
  return { ...list, total };
}

export function SuppressedNumbers() {
  const [filter, setFilter] = useState({ source: "", typed: "" });
  const [dialog, setDialog] = useState(null);
  const list = useSuppressed(filter);
  const close = (hasChanged) => { setDialog(null); if (hasChanged) list.reload(); };
  const release = (ids, clear) => html`<button type="button" class="button little"
    onClick=${() => setDialog({ kind: "release", phones: [...ids], clear })}>Release…</button>`;
  const Open = dialog && DIALOGS[dialog.kind];
  return html`<div class="stack">
    <${Tools} filter=${filter} onFilter=${setFilter} open=${(kind) => setDialog({ kind })} />
    ${list.error && html`<${Failure} error=${list.error} retry=${list.reload} />`}
    ${!(list.error && !list.isLoaded) && html`<${Table} name="Suppressed numbers" isMain=${true} height="none"
      columns=${columns} rows=${list.isLoaded ? list.rows : undefined} idOf=${({ address }) => address} bulk=${release}
      tools=${list.total !== null && html`<span class="muted small">${number(list.total)} suppressed in all</span>`}
      empty=${html`<${None} filter=${filter} />`}
      footer=${list.next && html`<button type="button" class="button" onClick=${list.more}
        aria-disabled=${list.isBusy ? "true" : undefined}>${list.isBusy ? "Looking…" : "Older ones"}</button>`} />`}
    ${Open && html`<${Open} phones=${dialog.phones} onClose=${close} onDone=${() => dialog.clear?.()} />`}</div>`;
}

const DIALOGS = { add: SuppressDialog, release: ReleaseDialog, import: ImportDialog };

const Tools = ({ filter, onFilter, open }) => html`<form class="search" role="search"
    onSubmit=${(event) => event.preventDefault()}>
  <${TextField} label="Number" type="search" inputmode="tel" data-search placeholder="+65 9123 0000  ( / )"
    value=${filter.typed} onValue=${(typed) => onFilter({ ...filter, typed })} />
  <${SelectField} label="Asked by" value=${filter.source} options=${OPTIONS}
    onValue=${(source) => onFilter({ ...filter, source })} />
  <div class="row push search-end">
    <button type="button" class="button primary" onClick=${() => open("add")}><${Icon} name="plus"
      size=${14} />Suppress…</button>
    <button type="button" class="button" onClick=${() => open("import")}><${Icon} name="file" size=${14} />Import…
      </button>
    <a class="button" href="/api/suppressions/export" download="suppressions.csv"><${Icon} name="down"
      size=${14} />Export</a></div></form>`;

const None = ({ filter }) => (filter.typed || filter.source
  ? html`<${Empty} title="Not suppressed"><p>No suppressed number fits.</p><//>`
  : html`<${Empty} title="No number is suppressed" icon="ban"><p>Numbers come here by a STOP of their person, by
    <code>MSG-dndPhone</code> of an upload, by <code>/1/subscribe</code>, or by you.</p><//>`);
