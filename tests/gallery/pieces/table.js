import { State as Badge } from "/static/shared/ui/badge.js";
import { fits, queryOf, termsOf } from "/static/shared/ui/filter/terms.js";
import { FilterBar } from "/static/shared/ui/filter/filter-bar.js";
import { MenuButton } from "/static/shared/ui/menu-button.js";
import { bareAmount } from "/static/shared/ui/money.js";
import { Spark } from "/static/shared/ui/plot/spark.js";
import { html, useMemo, useState } from "/static/shared/ui/preact.js";
import { here } from "/static/shared/ui/router.js";
import { Empty } from "/static/shared/ui/states.js";
import { Table } from "/static/shared/ui/table/table.js";
import { number, share } from "/static/shared/ui/words.js";
import { campaigns, STATES } from "../data.js";
import { State } from "../state.js";

const rows = campaigns(Number(here.value.query.rows ?? 2000));

export const columns = [
  { key: "name", name: "Name", isFixed: true, value: (row) => row.name },
  { key: "state", name: "State", width: 8, value: (row) => row.state,
    cell: (row) => html`<${Badge} state=${row.state} />` },
  { key: "event", name: "Event", width: 9, isWide: true, value: (row) => row.event },
  { key: "sent", name: "Sent", unit: "7 d", width: 7, isNumber: true, value: (row) => row.sent,
    cell: (row) => (row.sent == null ? "–" : number(row.sent)) },
  { key: "delivered", name: "Delivered", width: 7, isNumber: true, isWide: true, value: (row) => row.delivered,
    cell: (row) => (row.sent == null ? "–" : share(row.delivered, row.sent)) },
  { key: "cost", name: "Cost", unit: "EUR", width: 8, isNumber: true, isWide: true, isHidden: true,
    value: (row) => row.cost, cell: (row) => bareAmount(row.cost, "EUR") },
  { key: "days", name: "28 days", width: 10, isWide: true, isUnsortable: true, value: (row) => row.days.at(-1),
    cell: (row) => html`<${Spark} name="Sent in 28 days" values=${row.days}
      tone=${row.state === "failing" ? "bad" : "going"} />` },
  { key: "menu", name: "Actions", width: 3.5, isUnsortable: true, isNameUnseen: true, value: () => "",
    cell: (row) => html`<${MenuButton} label="Actions for ${row.name}" items=${[{ name: "Duplicate", hint: "D" },
      { name: "Archive", isDangerous: true }]} />` },
];
const fields = [
  { key: "state", name: "State", kind: "choice", options: STATES.map((state) => [state, state]) },
  { key: "name", name: "Name", kind: "text" },
  { key: "sent", name: "Sent", kind: "number", unit: "messages" },
];

function Long() {
  const [query, setQuery] = useState({});
  const [words, setWords] = useState("");
  const [done, setDone] = useState("");
  const terms = termsOf(query, fields);
  const found = useMemo(() => rows.filter((row) => fits(row, terms, fields)
    && row.name.toLowerCase().includes(words.toLowerCase())), [query, words]);
  const showAll = () => { setQuery({}); setWords(""); };
  const act = (verb) => (ids, clear) => html`<button type="button" class="button little" onClick=${() => {
    setDone(`${verb} ${ids.size}`);
    clear();
  }}>${verb}</button>`;
  return html`<${Table} name="Campaigns" rows=${found} columns=${columns} isMain=${true} height="32rem"
    hrefOf=${(row) => `/?piece=table&open=campaign:${row.id}`}
    currentId=${Number(here.value.query.open?.split(":")[1]) || undefined}
    keys=${{ e: (row) => setDone(`edit ${row.name}`) }}
    bulk=${(ids, clear) => html`${act("Pause")(ids, clear)}${act("Archive")(ids, clear)}`}
    tools=${html`<${FilterBar} fields=${fields} terms=${terms} onTerms=${(now) => setQuery(queryOf(now, fields))}
      text=${words} onText=${setWords} label="Find" placeholder="Name" />`}
    empty=${html`<${Empty} title="No campaign is like that"
      action=${html`<button type="button" class="button" onClick=${showAll}>Show all</button>`}>
      <p>Take a filter away, or look for fewer letters.</p><//>`} />
    <p class="k-muted" role="status" data-done>${done}</p>`;
}

export default () => html`
  <${State} name="Long, with all there is" isBare=${true}><${Long} /><//>
  <${State} name="Short, whole, without tools" isBare=${true}>
    <${Table} name="Best campaigns" rows=${rows.slice(0, 4)} columns=${columns.slice(0, 5)}
      height="none" hasTools=${false}
      footer=${html`<a href="/?piece=table" class="small">All campaigns</a>`} /><//>
  <${State} name="On its way" isBare=${true}>
    <${Table} name="Coming" columns=${columns} boneRows=${4} bulk=${() => null} hasTools=${false} /><//>
  <${State} name="Empty" isBare=${true}>
    <${Table} name="Nothing" rows=${[]} columns=${columns} hasTools=${false} empty=${html`<${Empty}
      title="No campaign yet"
      action=${html`<a class="button primary" href="/?piece=table">New campaign</a>`}>
      <p>A campaign listens to an event of your app and answers it with a message: “Order Placed” comes in,
      “Thank you, Ann” goes out.</p><//>`} /><//>`;
