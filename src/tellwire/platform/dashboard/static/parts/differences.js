// What an import does to each thing, and what is wrong with a file, line by line.
import { html, useMemo } from "/static/shared/ui/preact.js";
import { Badge } from "/static/shared/ui/badge.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Table } from "/static/shared/ui/table/table.js";
import { sentence } from "../words.js";
import { place } from "./errors.js";

const LOOKS = { created: ["good", "plus", "New"], changed: ["going", "edit", "Changed"] };
const ORDER = ["created", "changed"];

/** Whether a thing is new or changed, as a badge. */
function Difference({ what }) {
  const [tone, icon, word] = LOOKS[what];
  return html`<${Badge} tone=${tone} icon=${icon}>${word}<//>`;
}

const columnsFor = (isPlan) => [
  { key: "name", name: "Name", width: 16, isFixed: true, value: ({ name }) => name },
  { key: "what", name: isPlan ? "Would be" : "Is", width: 8, value: ({ what }) => LOOKS[what][2],
    cell: ({ what }) => html`<${Difference} what=${what} />` },
  { key: "kind", name: "Kind", width: 7, isWide: true, value: ({ kind }) => sentence(kind) },
  { key: "fields", name: "What differs", isWide: true, value: fieldsOf, isUnsortable: true,
    cell: (one) => html`<span class="muted" title=${fieldsOf(one)}>${fieldsOf(one)}</span>` },
];

const fieldsOf = ({ fields }) => fields.map((field) => field.replaceAll("_", " ")).join(", ");

/** What is new stands first, then what changes. */
export function Differences({ changes, isPlan }) {
  const rows = useMemo(() => [...changes].sort((a, b) => ORDER.indexOf(a.what) - ORDER.indexOf(b.what)), [changes]);
  const columns = useMemo(() => columnsFor(isPlan), [isPlan]);
  return html`<${Table} name="What differs" height="none" idOf=${(one) => `${one.kind} ${one.name}`}
    ...${{ rows, columns }} />`;
}

/** What an import leaves as it is, out of the way of what it changes. */
export const Unchanged = ({ things }) => html`<details class="body">
  <summary>Left as they are: ${things.length}</summary>
  <ul class="stack close">${things.map((one) => html`<li key=${one.kind + one.name}>
    <span class="strong break">${one.name}</span> <span class="muted">${sentence(one.kind)}</span></li>`)}</ul>
      </details>`;

const LINE = /^Line (\d+): /;

/** The server's words on a file; where they name a line, the line as it stands there. */
export function Mistakes({ error, text }) {
  const lines = text.split("\n");
  const lineOf = (why) => lines[Number(LINE.exec(why)?.[1]) - 1];
  const told = Object.entries(error.fields ?? {});
  const own = lineOf(error.message);
  return html`<div class="banner bad" role="alert"><${Icon} name="warning" /><div class="grow stack close">
    <p class="strong">${error.message}</p>
    ${own && html`<pre class="excerpt">${own}</pre>`}
    ${told.length > 0 && html`<ul class="stack close">${told.map(([path, why]) => html`<li key=${path}>
      <span class="strong">${place(path)}</span><br />${why}
        ${lineOf(why) && html`<pre class="excerpt">${lineOf(why)}</pre>`}</li>`)}</ul>`}
    ${!told.length && html`<p>Nothing was changed.</p>`}</div></div>`;
}
