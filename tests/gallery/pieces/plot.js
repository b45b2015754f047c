import { html, useState } from "/static/shared/ui/preact.js";
import { Plot } from "/static/shared/ui/plot/plot.js";
import { PlotBones } from "/static/shared/ui/states.js";
import { week } from "../data.js";
import { State } from "../state.js";

const { times, sent, delivered, failed, before } = week();
const lines = [
  { name: "Sent", tone: "going", values: sent, before, isFilled: true },
  { name: "Delivered", tone: "good", values: delivered },
  { name: "Failed", tone: "bad", values: failed },
];
const stacks = [
  { name: "Delivered", tone: "good", values: delivered.slice(0, 24) },
  { name: "Failed", tone: "bad", values: failed.slice(0, 24) },
];
const events = [
  { at: times[40], text: "Spring sale published", href: "/?piece=plot" },
  { at: times[151], text: "Acme gateway began to refuse" },
];
const gaps = [{ name: "Receipts", tone: "accent", values: sent.map((value, at) => (at % 40 > 30 ? null : value)) }];
const nothing = [{ name: "Sent", tone: "going", values: times.map(() => 0) }];

function Chosen() {
  const [span, setSpan] = useState("");
  return html`<${Plot} title="Messages by hour" unit="messages" times=${times} series=${lines} events=${events}
    beforeWord="week before" onSpan=${(from, to) => setSpan(`${Math.round(from)} to ${Math.round(to)}`)} />
    <output class="k-muted">${span}</output>`;
}

export default () => html`
  <${State} name="Lines, compared, with events"><${Chosen} /><//>
  <${State} name="Bars, each on those before"><${Plot} title="Last 24 hours" kind="bars" times=${times.slice(0, 24)}
    series=${stacks} height=${160} /><//>
  <${State} name="With gaps where nothing is known"><${Plot} title="Receipts"
    times=${times} series=${gaps} height=${160} /><//>
  <${State} name="Nothing happened"><${Plot} title="Quiet week" times=${times} series=${nothing} height=${160} /><//>
  <${State} name="On its way"><${PlotBones} /><//>`;
