// A state as colour, icon and word: never colour alone.
import { html } from "./preact.js";
import { Icon } from "./icons.js";

/** `tone` is good, going, warn, bad, accent, or nothing for what is idle. */
export const Badge = ({ tone = "", icon, title, children }) => html`<span class="badge ${tone}" title=${title}>
  ${icon && html`<${Icon} name=${icon} size=${12} />`}${children}</span>`;

const STATES = {
  draft: ["", "edit", "draft"],
  "in review": ["accent", "question", "in review"],
  scheduled: ["going", "clock", "scheduled"],
  running: ["good", "play", "running"],
  failing: ["bad", "warning", "failing"],
  paused: ["warn", "pause", "paused"],
  stopped: ["warn", "stop", "stopped"],
  ended: ["", "check", "ended"],
  archived: ["", "archive", "archived"],
};

/** The state of something that runs: a campaign, a journey, a provider. */
export function State({ state }) {
  const [tone, icon, word] = STATES[state] ?? ["", "info", state];
  return html`<${Badge} tone=${tone} icon=${icon}>${word}<//>`;
}
