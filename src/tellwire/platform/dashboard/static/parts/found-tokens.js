// The custom tokens that a provider's form holds, by block, and what it would lack, as it is typed.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { tokensOf, warnings } from "../provider-draft.js";

const BLOCKS = [["message", "Message"], ["header", "Headers"], ["global", "Global, once a request"]];

export function FoundTokens({ draft }) {
  const found = tokensOf(draft);
  const blocks = BLOCKS.filter(([key]) => found[key].length);
  return html`<div class="stack close" aria-live="polite">
    <h3>Custom key-values found</h3>
    ${blocks.length ? html`
      <dl class="facts">${blocks.map(([key, name]) => html`<dt key=${key}>${name}</dt>
        <dd class="tokens">
          ${found[key].map((token) => html`<span class="badge accent token" key=${token}>$$${token}</span>`)}</dd>`)}
            </dl>
      <p class="hint">A campaign that uses this provider gives each of them a value.</p>`
    : html`<p class="hint">None. Any other $$name becomes an input of each campaign that uses this provider.</p>`}
    ${warnings(draft).map((text) => html`<p class="banner warn" key=${text}><${Icon} name="warning" />${text}</p>`)}
  </div>`;
}
