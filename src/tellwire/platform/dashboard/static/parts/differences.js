// What an import does to each thing, and what is wrong with a file, line by line.
import { html } from "/static/shared/ui/preact.js";
import { Badge } from "/static/shared/ui/badge.js";
import { Icon } from "/static/shared/ui/icons.js";
import { sentence } from "../words.js";
import { place } from "./errors.js";

const LOOKS = { created: ["good", "plus", "New"], changed: ["going", "edit", "Changed"] };
const ORDER = ["created", "changed"];

/** Whether a thing is new or changed, as a badge. */
function Difference({ what }) {
  const [tone, icon, word] = LOOKS[what];
  return html`<${Badge} tone=${tone} icon=${icon}>${word}<//>`;
}

export const Differences = ({ changes, isPlan }) => html`<table class="table">
  <thead><tr><th scope="col">${isPlan ? "Would be" : "Is"}</th><th scope="col">Name</th><th scope="col">Kind</th>
    <th scope="col" class="wide">What differs</th></tr></thead>
  <tbody>${[...changes].sort((a, b) => ORDER.indexOf(a.what) - ORDER.indexOf(b.what)).map((one) => html`
    <tr key=${one.kind + one.name}>
      <td><${Difference} what=${one.what} /></td>
      <td class="strong break">${one.name}</td><td>${sentence(one.kind)}</td>
      <td class="wide muted">${one.fields.map((field) => field.replaceAll("_", " ")).join(", ")}</td></tr>`)}
  </tbody></table>`;

/** What an import leaves as it is, out of the way of what it changes. */
export const Unchanged = ({ things }) => html`<details class="body">
  <summary>Left as they are: ${things.length}</summary>
  <ul class="stack close">${things.map((one) => html`<li key=${one.kind + one.name}>
    <span class="strong break">${one.name}</span> <span class="muted">${sentence(one.kind)}</span></li>`)}</ul>
      </details>`;

const LINE = /^Line (\d+): /;

/** The server's words on a file; where they name a line, the line as it stands there. */
export function Mistakes({ error, text }) {
  const lines = text.split("\n");
  const lineOf = (why) => lines[Number(LINE.exec(why)?.[1]) - 1];
  const told = Object.entries(error.fields ?? {});
  const own = lineOf(error.message);
  return html`<div class="banner bad" role="alert"><${Icon} name="warning" /><div class="grow stack close">
    <p class="strong">${error.message}</p>
    ${own && html`<pre class="excerpt">${own}</pre>`}
    ${told.length > 0 && html`<ul class="stack close">${told.map(([path, why]) => html`<li key=${path}>
      <span class="strong">${place(path)}</span><br />${why}
        ${lineOf(why) && html`<pre class="excerpt">${lineOf(why)}</pre>`}</li>`)}</ul>`}
    ${!told.length && html`<p>Nothing was changed.</p>`}</div></div>`;
}
