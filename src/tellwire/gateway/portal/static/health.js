// How a carrier is: as colour and word.
import { html } from "/static/shared/ui/preact.js";

const HEALTH = { up: ["good", "Up"], partly: ["warn", "Partly up"], down: ["bad", "Down"], off: ["", "Disconnected"] };

export function Health({ health }) {
  const [tone, word] = HEALTH[health] ?? ["", health];
  return html`<span class="badge ${tone}"><span class="dot ${tone}" />${word}</span>`;
}
