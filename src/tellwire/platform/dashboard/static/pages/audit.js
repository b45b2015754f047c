// Settings > Audit log: who changed what and when, with what was before and after.
import { html, useMemo } from "/static/shared/ui/preact.js";
import { Badge } from "/static/shared/ui/badge.js";
import { SelectField, TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { usePaged } from "/static/shared/ui/paged.js";
import { Panel } from "/static/shared/ui/panel.js";
import { DateRange } from "/static/shared/ui/range/date-range.js";
import { boundsOf, rangeOf } from "/static/shared/ui/range/dates.js";
import { useRested } from "/static/shared/ui/answer.js";
import { closePanel, here, openHref, opened, putQuery } from "/static/shared/ui/router.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { Table } from "/static/shared/ui/table/table.js";
import { Time } from "/static/shared/ui/time.js";
import { get, query } from "../api.js";
import { KINDS, fieldsInShort, kindName, lookOf, nameOf, placeOf, titleOf, wayWords } from "../audit-words.js";
import { useData } from "../data.js";
import { AuditDiff } from "../parts/audit-diff.js";
import { Newer, useNews } from "../parts/news.js";
import { AUDIT } from "../places.js";
import { Page } from "../shell.js";
import { when } from "../words.js";

const TOPICS = /** @type {const} */ (["campaigns", "providers"]); // what is changed of either is audited
const LIMIT = 100; // of one answer
const REST_MS = 300;
const USUAL = "30d";
const LEAD = "Every change of campaigns, providers, the account, audiences and lists, with what was before and after. "
  + "Secrets are never kept here.";

const put = (change) => putQuery(AUDIT, { ...here.value.query, ...change });
const KIND = "change:"; // what the panel shows, as the address names it

const isNarrow = innerWidth < 700;
const columns = [
  { key: "name", name: "What", width: isNarrow ? 7.5 : 12, isFixed: true, value: nameOf, isUnsortable: true },
  { key: "what", name: "Became", width: 8, value: (line) => line.what, cell: (line) => html`<${What} line=${line} />`,
    isUnsortable: true },
  { key: "kind", name: "Kind", width: 7, isWide: true, value: ({ kind }) => kindName(kind), isUnsortable: true },
  { key: "fields", name: "Fields", isWide: true, value: fieldsInShort, isUnsortable: true },
  { key: "by", name: "By", width: 11, isWide: true, value: (line) => line.by || "unknown", isUnsortable: true },
  { key: "at", name: "When", width: isNarrow ? 6.25 : 8, value: (line) => line.at, isUnsortable: true,
    cell: ({ at }) => html`<${Time} at=${at} as=${when} />` },
];

function What({ line }) {
  const [tone, icon, word] = lookOf(line);
  return html`<${Badge} tone=${tone} icon=${icon}>${word}<//>`;
}

/** @param {Record<string, string>} asked */
function useLines({ kind, object_id: object, author, range }) {
  const rested = useRested(author ?? "", REST_MS).trim();
  const filter = useMemo(() => {
    const span = boundsOf(rangeOf(range || USUAL, "", new Date()));
    return { kind, object_id: object, author: rested, ...span };
  }, [kind, object, rested, range]);
  const list = usePaged(async (before, signal) => {
    const { lines, next } = await get(pathOf(filter, before), { signal });
    return { rows: lines, next };
  }, [kind, object, rested, range]);
  return { list, news: useNews({ list, path: pathOf(filter), topics: TOPICS, rowsIn }) };
}

/** @returns {`/audit?${string}`} */
const pathOf = (filter, before = null) => `/audit?${query({ ...filter, limit: LIMIT, before }).slice(1)}`;

const rowsIn = ({ lines }) => lines;

export default function Audit() {
  const asked = here.value.query;
  const open = opened().startsWith(KIND) ? Number(opened().slice(KIND.length)) : null;
  const { list, news } = useLines(asked);
  const range = useMemo(() => rangeOf(asked.range || USUAL, "", new Date()), [asked.range]);
  return html`<${Page} title="Audit log" crumbs=${[["Settings"], ["Audit log"]]} lead=${LEAD}
    actions=${html`<${Newer} news=${news} onPress=${list.reload} />`}>
    <${Filter} asked=${asked} range=${range} />
    ${list.error && html`<${Failure} error=${list.error} retry=${list.reload} />`}
    ${!(list.error && !list.isLoaded) && html`<${Table} name="Audit log" isMain=${true} height="none" columns=${columns}
      rows=${list.isLoaded ? news.rows : undefined} hrefOf=${(line) => openHref(`${KIND}${line.id}`)}
      currentId=${open} empty=${html`<${None} asked=${asked} />`}
      footer=${list.next && html`<button type="button" class="button" onClick=${list.more}
        aria-disabled=${list.isBusy ? "true" : undefined}>${list.isBusy ? "Looking…" : "Older changes"}</button>`} />`}
    ${open !== null && html`<${Line} id=${open} lines=${list.rows} />`}<//>`;
}

const Filter = ({ asked, range }) => html`<form class="search" role="search"
    onSubmit=${(event) => event.preventDefault()}>
  <${SelectField} label="Kind" value=${asked.kind ?? ""} options=${[["", "Everything"], ...KINDS]}
    onValue=${(kind) => put({ kind, object_id: "" })} />
  <${TextField} label="By" type="search" data-search spellcheck=${false} placeholder="ann@example.com, API token  ( / )"
    value=${asked.author ?? ""} onValue=${(author) => put({ author })} />
  <${DateRange} range=${range} hasComparison=${false} onRange=${(change) => put({ range: change.range })} />
  ${asked.object_id && html`<button type="button" class="button little" onClick=${() => put({ object_id: "" })}>
    <${Icon} name="cross" size=${12} />Only ${kindName(asked.kind).toLowerCase()} ${asked.object_id}</button>`}</form>`;

const None = ({ asked }) => (asked.kind || asked.author || asked.object_id
  ? html`<${Empty} title="No such change"><p>Nothing fits in this time. Try a longer one, or fewer filters.</p><//>`
  : html`<${Empty} title="Nothing was changed in this time"><p>Who saves, publishes, pauses or imports something stands
    here from then on. Try a longer time.</p><//>`);

/** The line that the address names; one that the list has not loaded is asked for. */
function Line({ id, lines }) {
  const known = lines.find((line) => line.id === id);
  const { data, error, reload } = useData(known ? null : `/audit?limit=1&before=${id + 1}`, [], { everyMs: null });
  const line = known ?? (data && (data.lines.find((one) => one.id === id) ?? null));
  const title = line ? titleOf(line) : "A change";
  return html`<${Panel} name=${String(id)} title=${title} mark=${line && html`<${What} line=${line} />`}
    onClose=${closePanel}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${line ? html`<${Facts} line=${line} /><${AuditDiff} line=${line} />`
      : line === null ? html`<p class="muted">This line is not kept any more.</p>` : !error && html`<${Bones} />`}<//>`;
}

function Facts({ line }) {
  const place = placeOf(line);
  const way = wayWords(line);
  return html`<dl class="facts">
    <dt>When</dt><dd><${Time} at=${line.at} /></dd>
    <dt>By</dt><dd class="break">${line.by || "unknown"}${way && `, ${way}`}</dd>
    <dt>${kindName(line.kind)}</dt><dd class="break">${place ? html`<a href=${place}>${nameOf(line)}</a>`
      : nameOf(line)}</dd></dl>`;
}
