// Carriers as they are this second: binds, pace, window, what waits.
import { html } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { count, number, span, zoned } from "/static/shared/ui/words.js";
import { may, post } from "../api.js";
import { useData } from "../data.js";
import { Health } from "../health.js";
import { Page } from "../shell.js";

const EVERY_MS = 1000;

export default function CarriersPage() {
  const { data, error, reload, put: show } = useData("/carriers", ["carriers"], { everyMs: EVERY_MS });
  return html`<${Page} title="Carriers"
    mark=${data && html`<span class="row tight small muted" role="status">
    <span class="dot ${error ? "warn" : "good"}" />${error ? "No answer" : "Live"}</span>`}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${!data ? !error && html`<div class="card"><${Bones} rows=${6} /></div>` : data.carriers.length === 0
      ? html`<div class="card"><${Empty} title="No carrier is set up">
      <p>Messages wait on the disk until there is one.</p><//></div>`
    : data.carriers.map((carrier) =>
      html`<${Carrier} key=${carrier.name} carrier=${carrier} now=${data.now} show=${show} />`)}<//>`;
}

async function turn(carrier, show) {
  const isOn = carrier.is_wanted;
  if (isOn && !(await ask({ title: `Disconnect ${carrier.name}?`,
    body: html`<p>What was sent is still answered for three seconds, then its binds are closed, and stay so after a
    restart. What waits goes to other carriers if a route has them; else it waits.</p>`, yes: "Disconnect",
    isDangerous: true }))) return;
  try {
    show(await post(`/carriers/${encodeURIComponent(carrier.name)}/${isOn ? "disconnect" : "connect"}`));
  } catch (problem) {
    toast(problem.message);
  }
}

/** How a carrier does, as far as it was seen to do anything: one that is away does nothing. */
function lately({ health, has_ended, has_heard, error_rate, is_silent, delay_s }) {
  if (health === "down") return "Down: nothing goes out through it";
  if (health === "off") return "Nothing goes out through it";
  const after = delay_s < 1 ? "less than a second" : `${number(Math.round(delay_s))} s`;
  const known = [
    has_ended && `${percent(error_rate)} fail lately`,
    is_silent ? "receipts stay away" : has_heard && `receipts after ${after}`,
  ];
  return known.filter(Boolean).join(" · ") || "no message has ended yet";
}

const Carrier = ({ carrier, now, show }) => html`<section class="card" aria-label="Carrier ${carrier.name}">
  <div class="head"><h2 class="break">${carrier.name}</h2><${Health} health=${carrier.health} />
    ${carrier.share < 1 && carrier.health !== "down" && html`
      <span class="badge warn">gets ${percent(carrier.share)} of its share</span>`}
    <span class="push small muted number">${lately(carrier)} · ${carrier.waiting
      ? `${count(carrier.waiting, "message")} wait` : "nothing waits"}</span>
    ${may("owner") && html`<button type="button" class="button little"
      aria-label="${carrier.is_wanted ? "Disconnect" : "Connect"} ${carrier.name}"
      onClick=${() => turn(carrier, show)}>${carrier.is_wanted ? "Disconnect" : "Connect"}</button>`}</div>
  ${carrier.wire === "http" && html`<div class="body stack close">
    <p class="small muted">Posts to <span class="mono break">${carrier.peer}</span>, ${number(carrier.under_way)} of
      at most ${number(carrier.most)} requests under way.</p>
    ${carrier.is_wanted && carrier.reason && html`<p class="small bad-text"><${Icon} name="warning" size=${13} /> Held:
      ${" "}${carrier.reason}. Messages wait or go to other carriers; one message asks again now and then.</p>`}</div>`}
  <ul class="binds">${carrier.binds.map((bind) => html`
    <${Bind} key=${bind.name} isWanted=${carrier.is_wanted} bind=${bind} now=${now} />`)}</ul></section>`;

const percent = (part) => `${(100 * part).toFixed(part > 0 && part < 0.1 ? 1 : 0)} %`;

const PHASES = { bound: ["good", "Bound"], connecting: ["warn", "Connecting"], down: ["bad", "Down"] };

const Bind = ({ bind, isWanted, now }) => {
  const [tone, word] = isWanted || bind.phase !== "down" ? PHASES[bind.phase] : ["", "Disconnected by hand"];
  const full = bind.window ? Math.min(100, (100 * bind.window_used) / bind.window) : 0;
  return html`<li>
    <div class="row"><span class="badge ${tone}"><span class="dot ${tone}" />${word}</span><span class="strong">
      ${bind.name}</span>
      <span class="small muted">${bind.kind} as ${bind.system_id} at ${bind.peer}${bind.is_encrypted ? " over TLS" : ""}
        </span>
      <span class="push small muted number" title="since ${zoned(bind.since)}">for ${span(bind.since, now)}</span></div>
    ${isWanted && bind.phase !== "bound" && bind.reason
      && html`<p class="small bad-text"><${Icon} name="warning" size=${13} /> ${bind.reason}</p>`}
    <dl class="gauges">
      <div><dt>Pace</dt><dd class="number">${number(bind.rate_per_s)}<small>/s</small></dd></div>
      <div><dt>Window</dt><dd class="number">${number(bind.window_used)}<small> / ${number(bind.window)}</small></dd>
        <i class="meter" aria-hidden="true"><i style=${{ width: `${full}%` }} /></i></div>
      <div><dt>Round trip</dt><dd class="number">
        ${bind.rtt_ms ? html`${bind.rtt_ms.toFixed(bind.rtt_ms < 10 ? 1 : 0)}<small> ms</small>` : "–"}</dd></div>
      <div><dt>Accepted</dt><dd class="number">${number(bind.accepted)}</dd></div>
      <div><dt>Refused</dt><dd class="number">${number(bind.refused)}</dd></div>
      <div><dt>Throttled</dt><dd class="number">${number(bind.throttled)}</dd></div>
      <div><dt>Unanswered</dt><dd class="number">${number(bind.unresolved)}</dd></div>
      <div><dt>Received</dt><dd class="number">${number(bind.delivered)}</dd></div>
      ${bind.flaws > 0 && html`<div><dt>Flawed</dt>
        <dd class="number" title=${bind.last_flaw}>${number(bind.flaws)}</dd></div>`}
      <div><dt>Connections</dt><dd class="number">${number(bind.connects)}</dd></div>
    </dl></li>`;
};
