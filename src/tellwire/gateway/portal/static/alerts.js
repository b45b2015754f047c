// What an operator should look at first, and why requests to send were refused.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { number } from "/static/shared/ui/words.js";
import { CARRIERS, KEYS, MESSAGES } from "./places.js";

const PLACES = { carriers: [CARRIERS, "Carriers"], messages: [MESSAGES, "Messages"], keys: [KEYS, "API keys"] };

export const Alerts = ({ alerts }) => alerts.map(({ tone, text, place }) => html`
  <div class="banner ${tone}" key=${text}><${Icon} name="warning" /><p class="grow break">${text}</p>
    ${PLACES[place] && html`<a class="small" href=${PLACES[place][0]}>${PLACES[place][1]}</a>`}</div>`);

/** Nothing while nothing was refused. */
export const Refused = ({ refused }) => refused.length > 0 && html`<section class="card" aria-label="Refused requests">
  <div class="head"><h2>Refused requests</h2><span class="push small muted">24 hours, since the start at most</span>
    </div>
  <ul class="rows">${refused.map(({ code, reason, count }) => html`<li key=${code + reason}><span class="plain">
    <span class="break"><span class="mono small">${code}</span> ${reason}</span><span class="number">${number(count)}
      </span></span></li>`)}</ul></section>`;
