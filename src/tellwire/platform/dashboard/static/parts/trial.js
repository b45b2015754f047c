// A split whose rest waits for the branch that wins: how each of the others does, and which won.
import { html } from "/static/shared/ui/preact.js";
import { Time } from "/static/shared/ui/time.js";
import { MEASURES } from "../journey-words.js";
import { number, share, when } from "../words.js";
import { Card } from "./card.js";

export const Trial = ({ trial }) => html`<${Card} title=${`Which wins: “${trial.step}”`}>
  <p><span class="strong">${verdict(trial)}</span></p>
  <p class="muted">${trial.winner ? "Decided" : "It is decided"} <${Time} at=${trial.due_at} as=${when} /> by the share
    ${" "}of those written to who ${doneOf(trial)}, since <${Time} at=${trial.began_at} as=${when} />, in version
    ${" "}${trial.version}.</p>
  <table class="table"><thead><tr><th scope="col">Variant</th><th scope="col" class="number">Written to</th>
    <th scope="col" class="number">${capital(doneOf(trial))}</th><th scope="col" class="number">Share</th></tr></thead>
    <tbody>${trial.branches.map((one) => html`<tr key=${one.branch}><td>${one.branch}</td>
      <td class="number">${number(one.sent)}</td><td class="number">${number(one.reached)}</td>
      <td class="number">${share(one.reached, one.sent)}</td></tr>`)}</tbody></table><//>`;

const capital = (text) => text[0].toUpperCase() + text.slice(1);
const doneOf = ({ by }) => MEASURES[by]?.done ?? by;
const rate = ({ sent, reached }) => (sent ? reached / sent : 0);
const figures = ({ sent, reached }) => `${share(reached, sent)} of ${number(sent)}`;

/** "Variant A won: 12.0 % of 300 against 9.7 % of 298"; while it is open, which is ahead. */
function verdict({ branches, winner }) {
  const ahead = branches.find((one) => one.branch === winner) ?? branches.reduce((best, one) =>
    (rate(one) > rate(best) ? one : best));
  const others = branches.filter((one) => one !== ahead).map(figures).join(" and ");
  if (rate(ahead) === 0) {
    return winner ? `Variant ${winner} won as the first: nothing came that tells them apart` : "Nothing has come yet";
  }
  return `Variant ${ahead.branch} ${winner ? "won" : "is ahead"}: ${figures(ahead)} against ${others}`;
}
