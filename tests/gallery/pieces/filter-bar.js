import { FilterBar } from "/static/shared/ui/filter/filter-bar.js";
import { queryOf, termsOf } from "/static/shared/ui/filter/terms.js";
import { html, useState } from "/static/shared/ui/preact.js";
import { STATES } from "../data.js";
import { State } from "../state.js";

const fields = [
  { key: "state", name: "State", kind: "choice", options: STATES.map((state) => [state, state]) },
  { key: "event", name: "Event", kind: "text" },
  { key: "sent", name: "Sent", kind: "number", unit: "messages" },
  { key: "owner", name: "Owner", kind: "choice", options: [["ann", "Ann Aardvark"], ["bo", "Bo"]] },
];

function Bar({ first, label, hasWords = true }) {
  const [query, setQuery] = useState(first);
  const [words, setWords] = useState("");
  return html`<${FilterBar} fields=${fields} terms=${termsOf(query, fields)} label=${label} text=${words}
    placeholder="Name, event, text" onText=${hasWords ? setWords : undefined}
    onTerms=${(terms) => setQuery(queryOf(terms, fields))} />
    <output class="k-muted">${new URLSearchParams(query).toString()}</output>`;
}

export default () => html`
  <${State} name="Nothing filtered"><${Bar} first=${{}} label="Find campaigns" /><//>
  <${State} name="Filtered"><${Bar} label="Find others"
    first=${{ state: "running,scheduled,draft", sent: "100..5000" }} /><//>
  <${State} name="Long values, without words"><${Bar} label="Filter" hasWords=${false}
    first=${{ state: STATES.join(), event: "Cart left by somebody who came back twice and bought nothing" }} /><//>`;
