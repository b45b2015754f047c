// All simulated phones, and the numbers with a fate of their own.
import { html, useEffect, useState } from "/static/shared/ui/preact.js";
import { Badge } from "/static/shared/ui/badge.js";
import { TextField } from "/static/shared/ui/fields.js";
import { Empty, Failure } from "/static/shared/ui/states.js";
import { Table } from "/static/shared/ui/table/table.js";
import { number as written } from "/static/shared/ui/words.js";
import { Bar } from "../bar.js";
import { useData } from "../data.js";

const EVERY_MS = 3000; // nothing tells that a phone got a text
const hrefOf = (row) => `/simulator/handsets/${row.number.replace("+", "")}`;

/** How a phone is, as a badge says it and as it is sorted. */
function condition(phone) {
  if (!phone.on) return ["", "Off"];
  return phone.full ? ["warn", "On, memory full"] : ["good", "On"];
}

const Condition = ({ phone }) => {
  const [tone, word] = condition(phone);
  return html`<${Badge} tone=${tone}>${word}<//>`;
};

const NUMBER = { key: "number", name: "Number", width: 10, isFixed: true, value: (row) => row.number };
const PHONES = [
  NUMBER,
  { key: "last", name: "Last text", value: (row) => row.last?.text ?? null },
  { key: "count", name: "Texts", width: 5, isNumber: true, isWide: true, value: (row) => row.count,
    cell: (row) => written(row.count) },
  { key: "phone", name: "Phone", width: 9, isWide: true, value: (row) => condition(row)[1],
    cell: (row) => html`<${Condition} phone=${row} />` },
];
const FATES = [NUMBER, { key: "fate", name: "What is sent to it", value: (row) => row.fate }];
const none = html`<${Empty} title="No phone yet"><p>A phone is here once somebody has written to its number. Open any
  number above to write from it.</p><//>`;

function Open() {
  const [number, setNumber] = useState("");
  const open = (event) => {
    event.preventDefault();
    location.href = hrefOf({ number: number.replace(/[^0-9]/g, "") });
  };
  return html`<form class="open" onSubmit=${open}>
    <${TextField} label="Open the phone of any number" value=${number} onValue=${setNumber} inputmode="tel"
      pattern="\\+?[0-9 ]{7,20}" placeholder="+1 202 555 0100" required />
    <button class="button primary">Open</button></form>`;
}

export default function Handsets() {
  const { data, error, reload } = useData("/handsets", [], { everyMs: EVERY_MS });
  useEffect(() => { document.title = "Handsets"; }, []);
  const list = { hrefOf, idOf: (row) => row.number, height: "none" };
  return html`<${Bar} way=${html`<p class="strong">Simulated carrier</p>`} />
    <main class="page sheet">
      <h1>Handsets</h1>
      ${error && html`<${Failure} error=${error} retry=${reload} />`}
      <${Open} />
      <section class="part"><h2>Phones that somebody has written to</h2>
        <${Table} name="Phones" rows=${data?.handsets} columns=${PHONES} ...${list} empty=${none} boneRows=${3} />
      </section>
      <section class="part"><h2>Magic numbers</h2>
        <${Table} name="Magic numbers" rows=${data?.magic} columns=${FATES} ...${list} hasTools=${false} /></section>
    </main>`;
}
