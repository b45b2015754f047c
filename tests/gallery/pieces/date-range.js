import { html, useState } from "/static/shared/ui/preact.js";
import { DateRange } from "/static/shared/ui/range/date-range.js";
import { rangeOf } from "/static/shared/ui/range/dates.js";
import { State } from "../state.js";

const now = new Date("2026-11-28T13:00:00Z");

function Range({ text, compare = "", hasComparison = true }) {
  const [query, setQuery] = useState({ range: text, compare });
  const range = rangeOf(query.range, query.compare, now);
  return html`<${DateRange} range=${range} onRange=${setQuery} hasComparison=${hasComparison} />
    <p><output class="k-muted">${range.from.toISOString()} ${range.to.toISOString()}
      ${range.before ? ` vs. ${range.before.from.toISOString()}` : ""}</output></p>`;
}

export default () => html`
  <${State} name="The last days"><${Range} text="7d" /><//>
  <${State} name="Days of the calendar, compared"><${Range} text="2026-11-01..2026-11-07" compare="week" /><//>
  <${State} name="Without a comparison"><${Range} text="24h" hasComparison=${false} /><//>`;
