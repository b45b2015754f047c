// What goes on: balance, the last day's volume, carriers, and what failed lately.
import { html } from "/static/shared/ui/preact.js";
import { Code } from "/static/shared/ui/copy.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { Time } from "/static/shared/ui/time.js";
import { count, number, share, when } from "/static/shared/ui/words.js";
import { Alerts, Refused } from "../alerts.js";
import { session } from "../api.js";
import { useData } from "../data.js";
import { FirstAccount } from "../first-account.js";
import { Health } from "../health.js";
import { VolumePlot } from "../parts/volume-plot.js";
import { CARRIERS, KEYS, MESSAGES, PEOPLE, SIMULATOR, SUBACCOUNTS, messageAt } from "../places.js";
import { Page } from "../shell.js";
import { KINDS } from "../volume.js";

const TOPICS = ["messages", "carriers", "accounts"];
const EVERY_MS = 10_000; // whether carriers are up, no topic tells

export default function OverviewPage() {
  const { data, error, reload } = useData("/overview", TOPICS, { everyMs: EVERY_MS });
  return html`<${Page} title="Overview">
    ${session.value.is_token && !session.value.has_people && html`<div class="banner going"><${Icon} name="person" />
      <div class="grow">
      <p><span class="strong">You are here by the admin token.</span> Add yourself under <a
        href=${PEOPLE}>People</a> and sign in with a password from then on.</p></div></div>`}
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${data ? html`<${Overview} ...${data} />` : !error && html`<div class="card"><${Bones} rows=${8} /></div>`}<//>`;
}

const Figure = ({ label, children, note, href }) => html`<div class="card figure">
  <p class="small muted">${href ? html`<a href=${href}>${label}</a>` : label}</p><p class="big number">${children}</p>
    <p class="tiny muted">${note ?? "\u00a0"}</p></div>`;

const Overview = ({ accounts, volume, waiting, carriers, failures, alerts, refused }) => {
  const { totals, messages, delivery } = volume;
  const up = carriers.filter((carrier) => carrier.health === "up").length;
  return html`<${Alerts} alerts=${alerts} />
    <div class="figures">
      <${Figure} label="Messages, 24 hours" href=${MESSAGES}
        note=${`${count(volume.parts, "part")}${volume.is_whole ? ""
        : `, the newest ${number(volume.counted_at_most)} counted`}`}>${number(messages)}<//>
      <${Figure} label="Delivered" note=${`${number(delivery.delivered)} of ${number(delivery.ended)} with an end`}>
        ${delivered(delivery)}<//>
      <${Figure} label="Waiting for a carrier" href=${CARRIERS}
        note=${waiting ? "they wait on the disk" : "nothing waits"}>${number(waiting)}<//>
      <${Figure} label="Carriers up" href=${CARRIERS}
        note=${carriers.filter((one) => one.health !== "up").map((one) => one.name).join(", ") || "all is well"}>
        ${up} / ${carriers.length}<//>
    </div>
    <section class="card"><div class="head"><h2>Last 24 hours</h2><ul class="k-legend push">
      ${KINDS.map(([kind, name, tone]) => html`<li key=${kind} class="k-row k-tight">
        <i class="k-swatch k-tone-${tone}" />${name} <b class="number">${number(totals[kind])}</b></li>`)}</ul></div>
      <div class="body">${messages ? html`<${VolumePlot} hours=${volume.hours} />` : html`<${FirstMessage} />`}</div>
        </section>
    <div class="halves">
      <div class="stack"><section class="card"><div class="head"><h2>Recent failures</h2>
        <a class="push small" href="${MESSAGES}?status=failed">All failures</a></div>
        ${failures.length
          ? html`<ul class="rows">
          ${failures.map((message) => html`<li key=${message.umid}><a href=${messageAt(message.umid)}>
          <span class="cut"><span class="strong number">${message.to}</span><br /><span class="small muted">
            ${message.error || message.status}</span></span>
          <${Time} class="small muted" at=${message.changed_at} as=${when} /></a></li>`)}</ul>`
        : html`<p class="empty">Nothing failed lately.</p>`}</section>
      <${Refused} refused=${refused} /></div>
      <div class="stack">
        <section class="card"><div class="head"><h2>Carriers</h2></div><ul class="rows">
          ${carriers.map((carrier) => html`<li key=${carrier.name}><a href=${CARRIERS}>
          <span class="row"><${Health} health=${carrier.health} /><span class="strong">${carrier.name}</span></span>
          <span class="small muted number">
            ${carrier.binds ? html`${carrier.binds_up} of ${count(carrier.binds, "bind")}` : "HTTP"}
            ${carrier.waiting ? ` · ${number(carrier.waiting)} wait` : ""}</span></a></li>`)}</ul></section>
        <section class="card"><div class="head"><h2>Balance</h2></div>
          ${accounts.length === 0 && html`<p class="empty">There is no <a href=${SUBACCOUNTS}>account</a> yet.</p>`}
          <ul class="rows">${accounts.map((account) => html`<li key=${account.id}><span class="plain">
          <span class="strong">${account.name}</span><span class="number">
            ${account.is_prepaid ? html`${account.balance} ${account.currency}`
            : html`<span class="muted">pays later</span>`}</span></span></li>`)}
          ${volume.spent.map(({ currency, amount }) => html`<li key=${currency}><span class="plain">
            <span class="muted">Spent in 24 hours</span><span class="number">${amount} ${currency}</span></span></li>`)}
            </ul></section>
      </div></div>`;
};

function delivered({ share: part, has_receipts: has, delivered: all, ended }) {
  if (!has) return "no receipts";
  return part === null ? "–" : share(all, ended);
}

function FirstMessage() {
  const { data } = useData("/accounts", ["accounts", "subaccounts"]);
  if (!data) return html`<${Bones} rows=${4} />`;
  if (!data.subaccounts.length) return html`<${FirstAccount} />`;
  const subaccount = data.subaccounts[0].id;
  const line = `curl -X POST '${location.origin}/api/v1/subaccounts/${subaccount}/messages' \\
  -H 'Authorization: Bearer YOUR_API_KEY' \\
  -H 'Content-Type: application/json' \\
  -d '{"destination": "+12025550100", "text": "Hello from the gateway"}'`;
  return html`<${Empty} title="No message yet"><p>Make an <a href=${KEYS}>API key</a> and send one. The number below is
    one of the simulator's: <a href=${SIMULATOR}>others meet other fates</a>.</p>
    <${Code} text=${line} label="the command" /><//>`;
}
