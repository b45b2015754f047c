// All campaigns as one dense table: how each stands and goes, views of them, and what can be done with many at once.
import { html, useEffect, useMemo, useRef, useState } from "/static/shared/ui/preact.js";
import { queryOf, termsOf } from "/static/shared/ui/filter/terms.js";
import { FilterBar } from "/static/shared/ui/filter/filter-bar.js";
import { Icon } from "/static/shared/ui/icons.js";
import { go, here, putQuery } from "/static/shared/ui/router.js";
import { Empty, Failure } from "/static/shared/ui/states.js";
import { sortOf, sortText } from "/static/shared/ui/table/sorting.js";
import { Table } from "/static/shared/ui/table/table.js";
import { VIEWS, fieldsOf, found, labelsOf, queryOfText, queryText, rowsOf, tabOf, viewOf } from "../campaign-rows.js";
import { prefetch as fetchAhead, useData } from "../data.js";
import { CampaignBulk } from "../parts/campaign-bulk.js";
import { columnsOf } from "../parts/campaign-columns.js";
import { inTable, makeChange } from "../parts/campaign-writes.js";
import { Segments } from "../parts/segments.js";
import { ViewTabs } from "../parts/view-tabs.js";
import { campaignAt } from "../places.js";
import { Page } from "../shell.js";
import { number } from "../words.js";

const AGAIN_MS = 30_000; // figures move while one looks at them
const HEIGHT = "max(20rem, calc(100dvh - 17.5rem))"; // the page itself does not scroll
const REST_MS = 150; // of typing, before the list is looked through
const PATH = "/campaigns";
/** @type {Topic[]} */
const TOPICS = ["campaigns"];
const SPANS = [["24h", "24 h"], ["14d", "14 d"]];
const add = html`<a class="button primary" href="/campaigns/new"><${Icon} name="plus" size=${14} />New campaign</a>`;
const keys = html`<p class="small k-muted keys"><kbd>j</kbd> <kbd>k</kbd> move <kbd>x</kbd> selects <kbd>Enter</kbd>
  opens <kbd>e</kbd> edits <kbd>d</kbd> duplicates</p>`;

/** @returns {`/campaigns/table?span=${string}`} */
const tableAt = (span) => `/campaigns/table?span=${span}`;
const spanOf = (query) => (query.span === "24h" ? "24h" : "14d");

export const prefetch = (_params, query) => fetchAhead(tableAt(spanOf(query)), TOPICS);

export default function Campaigns() {
  const { query } = here.value;
  const span = spanOf(query);
  const path = tableAt(span);
  const { data, error, reload } = useData(path, TOPICS, { everyMs: AGAIN_MS });
  const views = useData("/views");
  const rows = useMemo(() => (data ? rowsOf(data.campaigns) : undefined), [data]);
  const saved = views.data?.views ?? [];
  const put = (change) => putQuery(PATH, { ...here.value.query, ...change });
  const choose = (key) => {
    const own = saved.find((one) => `own:${one.id}` === key);
    putQuery(PATH, { ...(own ? queryOfText(own.query) : { view: key === "all" ? "" : key }), span: query.span });
  };
  const tabs = [...VIEWS.map(({ key, name, holds }) => ({ key, name, count: countOf(rows, holds) })),
    ...saved.map((one) => ({ key: `own:${one.id}`, name: one.name }))];
  return html`<${Page} title="Campaigns" actions=${add}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${data?.is_cut && html`<p class="banner warn">Only the newest ${number(data.campaigns.length)} campaigns are shown.
      </p>`}
    <${ViewTabs} label="Views of campaigns" ...${{ tabs, saved }} value=${tabOf(query, saved)} onValue=${choose}
      query=${queryText(query)}>
      ${rows?.length === 0 ? html`<div class="card"><${None} /></div>`
        : html`<${List} ...${{ rows, put, span }} place=${inTable(path)} />`}<//><//>`;
}

/** A wide space until the number is known, so that no tab moves. */
const countOf = (rows, holds) => (rows ? number(rows.filter(holds).length) : "\u2007");

/** The words looked for: typed here, and in the address once they rest; a view that is chosen brings its own. */
function useWords(query, put) {
  const [words, setWords] = useState(query.q ?? "");
  const timer = useRef(0);
  useEffect(() => {
    clearTimeout(timer.current);
    if (words.trim() !== (query.q ?? "")) setWords(query.q ?? "");
  }, [query.q, query.view]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (text) => {
    setWords(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => put({ q: text.trim() }), REST_MS);
  };
  return [words, type];
}

function List({ rows, put, span, place }) {
  const { query } = here.value;
  const [words, type] = useWords(query, put);
  const labels = useMemo(() => labelsOf(rows ?? []), [rows]);
  const fields = fieldsOf(labels);
  const terms = termsOf(query, fields);
  const view = viewOf(query);
  const shown = useMemo(() => rows && found(rows, view, terms, fields, query.q ?? ""),
    [rows, view, query.q, query.state, query.label]);
  const columns = useMemo(() => columnsOf(span), [span]);
  const bulk = (ids, clear) => html`<${CampaignBulk} rows=${shown.filter((row) => ids.has(row.id))}
    ...${{ labels, clear, place }} />`;
  const showAll = () => put({ ...queryOf([], fields), q: "", view: "" });
  return html`<div class="campaign-table"><${Table} name="Campaigns" rows=${shown} columns=${columns} isMain=${true}
    height=${HEIGHT} hrefOf=${(row) => campaignAt(row.id)} bulk=${bulk}
    sort=${sortOf(query.sort, columns)} onSort=${(sort) => put({ sort: sortText(sort) })}
    keys=${{ e: (row) => go(`${campaignAt(row.id)}/edit`), d: (row) => makeChange([row.id], { do: "clone" }, place) }}
    tools=${html`<${FilterBar} fields=${fields} terms=${terms} onTerms=${(now) => put(queryOf(now, fields))}
      text=${words} onText=${type} label="Find a campaign" placeholder="Name, event, label" />
      <${Segments} label="Time of the pictures" options=${SPANS} value=${span}
        onValue=${(now) => put({ span: now === "14d" ? "" : now })} />`}
    footer=${rows && keys}
    empty=${!terms.length && !query.q && view.none ? html`<${Empty} title=${view.none} />`
      : html`<${Empty} title="No campaign is like that"
      action=${html`<button type="button" class="button" onClick=${showAll}>Show all</button>`}>
      <p>Take a filter away, or look for fewer letters.</p><//>`} /></div>`;
}

const None = () => html`<${Empty} title="No campaign yet">
  <p>A campaign listens to an event of your app and answers it with a message: “Order Placed” comes in, “Thank you,
    Ann” goes out. With several steps, it also waits, chooses and repeats.</p>
  ${add}<//>`;
