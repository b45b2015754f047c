// What is wrong with a running campaign, as the server found it: a word for the list, sentences for its page.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";

const LOOKS = {
  failing: ["bad", "warning", "Failing"], held_up: ["warn", "clock", "Held up"],
  no_receipts: ["warn", "question", "No receipts"], idle: ["warn", "pause", "Not triggered"],
  over: ["", "check", "Ended"],
};

/** The gravest fact beside the state; nothing while all is well. */
export function FactBadge({ facts }) {
  if (!facts?.length) return null;
  const [tone, icon, word] = LOOKS[facts[0].code] ?? ["warn", "warning", facts[0].code];
  return html` <span class="badge ${tone}" title=${facts[0].text}><${Icon} name=${icon} size=${11} />${word}</span>`;
}

export const Facts = ({ facts }) => facts?.length > 0
  && html`<div class="stack close">${facts.map(({ code, text, advice }) => html`
  <div class="banner ${LOOKS[code]?.[0] ?? "warn"}" key=${code}><${Icon} name=${LOOKS[code]?.[1] ?? "warning"} />
    <div class="grow break"><p class="strong">${text}</p><p>${advice}</p></div></div>`)}</div>`;
