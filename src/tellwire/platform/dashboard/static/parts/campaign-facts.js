// What is wrong with a running campaign, as the server found it, and what to do about it.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";

const LOOKS = { failing: ["bad", "warning"], held_up: ["warn", "clock"], no_receipts: ["warn", "question"],
  idle: ["warn", "pause"], over: ["", "check"] };

export const Facts = ({ facts }) => facts?.length > 0
  && html`<div class="stack close">${facts.map(({ code, text, advice }) => {
    const [tone, icon] = LOOKS[code] ?? ["warn", "warning"];
    return html`<div class="banner ${tone}" key=${code}><${Icon} name=${icon} />
      <div class="grow break"><p class="strong">${text}</p><p>${advice}</p></div></div>`;
  })}</div>`;
