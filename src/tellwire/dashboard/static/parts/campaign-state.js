// A campaign's state as colour, icon and word.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";

const LOOKS = { draft: ["", "edit", "Draft"], running: ["good", "play", "Running"], stopped: ["warn", "stop", "Stopped"] };

export function StateBadge({ state }) {
  const [tone, icon, word] = LOOKS[state] ?? LOOKS.draft;
  return html`<span class="badge ${tone}"><${Icon} name=${icon} size=${11} />${word}</span>`;
}
