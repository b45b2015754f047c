import { Combobox } from "/static/shared/ui/combobox.js";
import { ranked } from "/static/shared/ui/palette/ranking.js";
import { html, useState } from "/static/shared/ui/preact.js";
import { campaigns } from "../data.js";
import { State } from "../state.js";

const COUNTRIES = [["SG", "Singapore", "+65"], ["ES", "Spain", "+34"], ["DE", "Germany", "+49"],
  ["FR", "France", "+33"], ["GB", "United Kingdom", "+44"], ["CI", "Côte d’Ivoire", "+225"],
  ["VA", "A place with a name that is longer than any field", "+39"]]
  .map(([value, name, hint]) => ({ value, name, hint }));
const many = campaigns(500).map(({ id, name }) => ({ value: String(id), name }));
const found = (words) => new Promise((resolve) => { setTimeout(() => resolve(ranked(many, words)), 30); });

function Box({ first = "", ...rest }) {
  const [value, setValue] = useState(first);
  return html`<div class="g-narrow"><${Combobox} ...${rest} value=${value} onValue=${setValue} />
    <output class="k-muted">${value}</output></div>`;
}

export default () => html`
  <${State} name="From a list"><${Box} label="Country" options=${COUNTRIES} first="SG"
    hint="Where the number is." /><//>
  <${State} name="From a server"><${Box} label="Campaign" options=${found} optional=${true} /><//>
  <${State} name="Free, wrong"><${Box} label="Event" isFree=${true} options=${COUNTRIES}
    error="No such event came yet." /><//>`;
