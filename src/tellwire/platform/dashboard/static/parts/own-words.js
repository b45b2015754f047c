// What a provider itself said to an attempt, as it was kept: its beginning, masked.
import { html } from "/static/shared/ui/preact.js";

export const OwnWords = ({ answer }) => answer && html`<details class="small">
  <summary>The provider's answer</summary><pre class="excerpt break">${answer}</pre></details>`;
