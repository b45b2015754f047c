// Before a campaign that people are inside of is saved: who would be affected, and what becomes of them.
import { html, useState } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Choice } from "/static/shared/ui/fields.js";
import { get, post } from "../../api.js";
import { payloadOf } from "../../document/document.js";
import { count, number } from "../../words.js";

const INSIDE = [["finish", "Finish"], ["move", "Move"], ["end", "End"]];
const FATES = {
  finish: "They go on as they entered, by the version of then.",
  move: "They go on in the new version, from the step where they stand; if it is gone, by the version of then.",
  end: "They leave now, and get nothing more.",
};
const IF_MOVED = {
  goes_on: "go on in the new version", stays_on_its_version: "the step is gone: finish by their version",
};
const fateOf = (inside, { if_moved: moved }) =>
  ({ finish: "finish by their version", end: "leave now" })[inside] ?? IF_MOVED[moved];

/** Asks what becomes of those inside; resolves to "finish", "move" or "end", and to null for a no. Nobody: "finish". */
export async function askWhatBecomes(id, document) {
  const at = encodeURIComponent(id);
  const [{ people }, { steps }] = await Promise.all([
    get(`/campaigns/${at}/inside`), post(`/campaigns/${at}/affected`, payloadOf(document)),
  ]);
  if (!people) return "finish";
  let inside = "finish";
  const isYes = await ask({ title: "Save changes?", yes: "Save changes",
    body: html`<${Question} people=${people} steps=${steps} onValue=${(choice) => { inside = choice; }} />` });
  return isYes ? inside : null;
}

function Question({ people, steps, onValue }) {
  const [inside, setInside] = useState("finish");
  const choose = (choice) => { setInside(choice); onValue(choice); };
  return html`<${Choice} label=${`What becomes of the ${count(people, "person", "people")} inside?`}
      hint=${FATES[inside]} options=${INSIDE} value=${inside} onValue=${choose} />
    <div class="affected" tabindex="0" role="region" aria-label="Who is affected"><table class="table">
      <thead><tr><th scope="col">Step</th><th scope="col" class="number">Version</th>
        <th scope="col" class="number">People</th><th scope="col">They</th></tr></thead>
      <tbody>${steps.map((one) => html`<tr key=${`${one.version} ${one.step}`}><td class="break">${one.step}</td>
        <td class="number">${number(one.version)}</td><td class="number">${number(one.people)}</td>
        <td>${fateOf(inside, one)}</td></tr>`)}</tbody></table></div>`;
}
