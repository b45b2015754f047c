// The state in which the forwarding of a handset's text to a customer is: as colour, icon and word.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";

const LOOKS = {
  taken: ["good", "check", "Taken", "A webhook or a bind took it."],
  waiting: ["going", "clock", "Waiting", "It is posted again until it is taken or given up."],
  given_up: ["bad", "cross", "Given up", "Nobody took it within the retries. It can be posted again by hand."],
  nobody: ["", "minus", "Nobody", "No webhook and no SMPP login stood for it, or it is longer ago than the log goes."],
};

export const meaningOf = (state) => LOOKS[state][3];

export function Forwarding({ state }) {
  const [tone, icon, word, meaning] = LOOKS[state];
  return html`<span class="badge ${tone}" title=${meaning}><${Icon} name=${icon} size=${12} />${word}</span>`;
}
