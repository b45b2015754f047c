// The dry run: which carrier a number would take, and why. Nothing is sent.
import { html, useRef, useState } from "/static/shared/ui/preact.js";
import { TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Failure } from "/static/shared/ui/states.js";
import { post } from "./api.js";
import { Health } from "./health.js";

export function DryRun() {
  const [number, setNumber] = useState("");
  const [source, setSource] = useState("");
  const [found, setFound] = useState(null);
  const [error, setError] = useState(null);
  const asked = useRef(0); // an answer that was overtaken by a newer question is dropped
  const run = async (event) => {
    event.preventDefault();
    const mine = ++asked.current;
    const show = (answer, problem) => { if (mine === asked.current) { setFound(answer); setError(problem); } };
    await post("/routes/dry-run", { number, source })
      .then((answer) => show(answer, null), (problem) => show(null, problem));
  };
  return html`<section class="card" aria-label="Dry run"><div class="head"><h2>Dry run</h2>
    <span class="small muted">Nothing is sent</span></div>
    <form class="body stack" onSubmit=${run} novalidate>
      <${TextField} label="Number" inputmode="tel" placeholder="+65 9123 4567" data-search value=${number}
        error=${error?.fields.number} onValue=${setNumber} />
      <${TextField} label="Sender ID" optional=${true} value=${source} error=${error?.fields.source}
        onValue=${setSource} />
      <button class="button primary">Which carrier?</button>
      ${error && !Object.keys(error.fields).length && html`<${Failure} error=${error} />`}
      <div role="status">${found && html`<${Way} found=${found} />`}</div></form></section>`;
}

const Way = ({ found }) => html`<div class="stack close">
  <p>${found.carrier
    ? html`<span class="number">${found.number}</span>${found.country ? ` (${found.country})` : ""} goes
      to <span class="strong">${found.carrier}</span>.` : html`<${Health} health="down" /> There is no route
      for <span class="number">${found.number}</span>: the message would be refused.`}</p>
  <ol class="why">${found.steps.map((step, at) => html`<li key=${at}>
    <span class="knob ${step.led_on ? "good" : ""}"><${Icon} name=${step.led_on ? "check" : "minus"} size=${12} />
      </span>
    <span><span class="strong">${step.about}</span><br /><span class="small muted">${step.seen}</span></span></li>`)}
      </ol></div>`;
