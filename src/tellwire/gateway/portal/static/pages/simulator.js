// The simulated carrier: numbers with a known fate, the phones that got something, and how the carrier behaves.
import { html, useState } from "/static/shared/ui/preact.js";
import { CopyButton } from "/static/shared/ui/copy.js";
import { TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { count, when } from "/static/shared/ui/words.js";
import { useData } from "../data.js";
import { handsetAt } from "../places.js";
import { Page } from "../shell.js";

const TOPICS = ["messages", "simulator"];

export default function SimulatorPage() {
  const { data, error, reload } = useData("/simulator", TOPICS);
  return html`<${Page} title="Simulator"
    lead="A carrier in this process, over real SMPP, with phones to look at. Nothing sent to it leaves the machine.">
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${!data ? !error && html`<div class="card"><${Bones} rows=${8} /></div>` : !data.is_running
      ? html`<div class="card"><${Empty} title="The simulator is switched off">
      <p>Set <span class="mono">simulator = true</span> in the settings and start the gateway again.</p><//></div>`
    : html`<div class="halves"><div class="stack"><${Phones} handsets=${data.handsets} isPrivate=${data.is_private} />
      <${Behaviour} behaviour=${data.behaviour} /></div>
      <${Magic} magic=${data.magic} isPrivate=${data.is_private} /></div>`}<//>`;
}

// Viewers see that phones got texts, and neither whose they are nor what stands on them.
const Phone = ({ phone, isPrivate }) => {
  const lines = html`<span class="row"><${Icon} name="phone" /><span class="strong number">${phone.number}</span>
      ${!phone.is_on && html`<span class="badge warn">off</span>`}
      ${phone.is_full && html`<span class="badge warn">memory full</span>`}</span>
    <span class="small muted number">
      ${count(phone.texts, "text")}${phone.last_at ? ` · ${when(phone.last_at)}` : ""}</span>`;
  if (isPrivate) return html`<div class="plain">${lines}</div>`;
  return html`<a href=${handsetAt(phone.number)} target="_blank" rel="noreferrer">${lines}</a>`;
};

function Phones({ handsets, isPrivate }) {
  const [number, setNumber] = useState("");
  const digits = number.replace(/[^\d]/g, "");
  const isGood = digits.length >= 7 && digits.length <= 15;
  const open = (event) => {
    event.preventDefault();
    if (isGood) window.open(handsetAt(`+${digits}`), "_blank", "noopener");
  };
  return html`<section class="card"><div class="head"><h2>Handsets</h2></div>
    ${!isPrivate && html`<form class="body search" onSubmit=${open}>
      <${TextField} label="Open the phone of any number" inputmode="tel" placeholder="+65 9123 4567" value=${number}
      onValue=${setNumber} data-search />
      <button class="button" aria-disabled=${isGood ? undefined : "true"}>Open</button></form>`}
    ${handsets.length
      ? html`<ul class="rows">${handsets.map((phone, at) => html`<li key=${at}>
        <${Phone} phone=${phone} isPrivate=${isPrivate} /></li>`)}</ul>`
    : html`<p class="empty">No phone has got a text yet.</p>`}</section>`;
}

const Magic = ({ magic, isPrivate }) => html`<section class="card"><div class="head"><h2>Magic numbers</h2>
  <span class="small muted">What is sent to them…</span></div>
  <table class="table stacked"><caption class="unseen">Magic numbers and their fates</caption><thead><tr>
    <th scope="col">Number</th><th scope="col">Fate</th><th scope="col"><span class="unseen">Copy</span></th></tr>
    </thead><tbody>${magic.map(({ number, fate }) => html`<tr key=${number}>
    <td class="number nowrap">
      ${isPrivate ? number : html`<a href=${handsetAt(number)} target="_blank" rel="noreferrer">${number}</a>`}</td>
      <td>${fate}</td><td class="actions-cell"><${CopyButton} text=${number} what=${number} /></td></tr>`)}</tbody>
      </table></section>`;

const WORDS = {
  answers: [["latency_ms", "ms until a submit is answered"], ["jitter_ms", "ms more, at random"],
    ["throughput_per_s", "submits a second before it throttles"], ["never_percent", "% never answered"],
    ["slow_percent", "% answered slowly"], ["disconnect_percent", "% cost the connection"]],
  fates: [["undelivered", "% undelivered"], ["expired", "% expired"], ["rejected", "% rejected"]],
  receipts: [["delay_ms", "ms until the receipt"], ["jitter_ms", "ms more, at random"],
    ["early_percent", "% before the answer"], ["late_percent", "% late"], ["doubled_percent", "% twice"],
    ["lost_percent", "% never"]],
};

function Behaviour({ behaviour }) {
  const said = Object.entries(WORDS).flatMap(([table, fields]) =>
    fields.filter(([field]) => behaviour[table]?.[field]).map(([field, words]) =>
    [`${table}.${field}`, behaviour[table][field], words]));
  return html`<section class="card"><div class="head"><h2>Behaviour</h2></div><div class="body stack close">
    ${said.length
      ? html`<dl class="facts">
      ${said.map(([field, value, words]) => html`<dt key=${field} class="mono small">${field}</dt><dd class="number">
      ${value} ${words}</dd>`)}</dl>` : html`<p>It answers at once and delivers everything.</p>`}
    <p class="small muted">All other numbers meet this. It is read from a TOML file at the start.</p></div></section>`;
}
