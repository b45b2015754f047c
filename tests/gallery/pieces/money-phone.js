import { bareAmount, money } from "/static/shared/ui/money.js";
import { phone } from "/static/shared/ui/phone.js";
import { html } from "/static/shared/ui/preact.js";
import { State } from "../state.js";

const SUMS = [[61_240, "EUR"], [5, "USD"], [1200, "JPY"], [1_234_567, "SGD"], [12_345, "KWD"], [null, "EUR"]];
const NUMBERS = ["+6591230000", "+65******00", "+12025550100", "+34600000001", "+22507080910", "12345", "Acme", ""];

export default () => html`
  <${State} name="Sums"><div class="k-scroll" tabindex="0">
    <table class="k-table k-auto"><thead><tr><th scope="col">Currency</th>
    <th scope="col" class="k-number">With it</th><th scope="col" class="k-number">Without</th></tr></thead>
    <tbody>${SUMS.map(([minor, currency], at) => html`<tr key=${at}><th scope="row">${currency}</th>
      <td class="k-number">${money(minor, currency)}</td>
      <td class="k-number">${bareAmount(minor, currency)}</td></tr>`)}
    </tbody></table></div><//>
  <${State} name="Numbers"><ul>${NUMBERS.map((text) => html`
    <li key=${text} class="number">${phone(text)}</li>`)}</ul><//>`;
