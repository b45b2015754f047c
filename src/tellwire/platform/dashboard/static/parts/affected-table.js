// Who is inside a campaign that is about to change, and what becomes of them: asked before it is published.
import { html, useState } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Choice } from "/static/shared/ui/fields.js";
import { count, number } from "../words.js";

const INSIDE = [["finish", "Finish"], ["move", "Move"], ["end", "End"]];
const FATES = {
  finish: "They go on as they entered, by the version of then.",
  move: "They go on in the new version, from the step where they stand; if it is gone, by the version of then.",
  end: "They leave now, and get nothing more.",
};

const peopleIn = (steps) => steps.reduce((sum, one) => sum + one.people, 0);

/** The choice, and for each step how many wait there and what becomes of them by it. */
const Affected = ({ steps, inside, onInside }) => html`<div class="stack close">
  <${Choice} label=${`What becomes of the ${count(peopleIn(steps), "person", "people")} inside?`} hint=${FATES[inside]}
    options=${INSIDE} value=${inside} onValue=${onInside} />
  <table class="table affected"><caption class="unseen">Who is affected, by step</caption>
    <thead><tr><th scope="col">Step</th><th scope="col" class="number">Wait</th>
      <th scope="col">What becomes of them</th></tr></thead>
    <tbody>${steps.map((one) => html`<tr key=${`${one.version} ${one.step}`}>
      <td class="break">“${one.step}” <span class="muted small nowrap">version ${one.version}</span></td>
      <td class="number">${number(one.people)}</td>
      <td class=${isTold(one, inside) ? "strong" : "muted"}>${fateOf(one, inside)}</td></tr>`)}</tbody></table></div>`;

const isTold = (one, inside) => inside === "end" || (inside === "move" && one.if_moved !== "goes_on");

function fateOf({ version, if_moved: fate, is_changed: isChanged }, inside) {
  if (inside === "end") return "They leave.";
  if (inside === "finish") return `They go on by version ${version}.`;
  if (fate !== "goes_on") return `This step is gone: they go on by version ${version}.`;
  return isChanged ? "They go on here; until when they wait is worked out anew." : "They go on here.";
}

/** Asks what becomes of those inside; resolves to the choice, null if it is not to be saved. */
export async function askAffected({ name, steps, inside, yes }) {
  let chosen = inside;
  const isYes = await ask({ title: `Change ${name}?`, yes,
    body: html`<${Chosen} steps=${steps} first=${inside} onInside=${(value) => { chosen = value; }} />` });
  return isYes ? chosen : null;
}

function Chosen({ steps, first, onInside }) {
  const [inside, setInside] = useState(first);
  return html`<${Affected} ...${{ steps, inside }} onInside=${(value) => { setInside(value); onInside(value); }} />`;
}
