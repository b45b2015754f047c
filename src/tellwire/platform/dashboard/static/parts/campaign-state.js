// How a campaign stands, in its list and on its page alike: one word, and a mark where there is more to it.
import { State } from "/static/shared/ui/badge.js";
import { Icon } from "/static/shared/ui/icons.js";
import { html } from "/static/shared/ui/preact.js";

const SAID = new Set(["failing", "ended"]); // states that say themselves what their fact says

/** `of` is a row of the table of campaigns, or a campaign as its page has it. */
export const Standing = ({ of: { standing, facts } }) => html`<span class="k-row k-tight" title=${facts[0]?.text}>
  <${State} state=${standing} />
  ${facts.length > 0 && !SAID.has(standing) && html`<${Icon} name="warning" size=${13} label=${facts[0].text} />`}
  </span>`;
