// The keywords that everybody knows, by language and country.
import { html } from "/static/shared/ui/preact.js";
import { Card } from "./card.js";

const languages = new Intl.DisplayNames([navigator.language], { type: "language" });

export const KnownWords = ({ rows }) => html`<${Card} title="Known words">
  <p class="muted small">They count as a whole text only, whatever the case, accents, spaces, punctuation and emoji.
    Required ones cannot be left out.</p>
  <div class="scrolls" tabindex="0" role="region" aria-label="Known words by language"><table class="table known-words">
    <thead><tr><th scope="col">Language</th><th scope="col">Countries</th><th scope="col">Stop</th>
      <th scope="col">Start</th><th scope="col">Help</th></tr></thead>
    <tbody>${rows.map((row, at) => html`<tr key=${at}>
      <th scope="row">${languages.of(row.language)}
        ${row.required && html`<span class="muted small"> required</span>`}</th>
      <td class="small break">${row.countries.length ? row.countries.join(" ") : "all"}</td>
      ${["stop", "start", "help"].map((meaning) => html`<td key=${meaning} lang=${row.language}>
        ${row[meaning].join(", ")}</td>`)}</tr>`)}</tbody></table></div><//>`;
