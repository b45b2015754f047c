// A state as colour, icon and word: never colour alone.
import { html } from "./preact.js";
import { Icon } from "./icons.js";

/** `tone` is good, going, warn, bad, accent, or nothing for what is idle. */
export const Badge = ({ tone = "", icon, title, children }) => html`<span class="badge ${tone}" title=${title}>
  ${icon && html`<${Icon} name=${icon} size=${12} />`}${children}</span>`;

const STATES = {
  draft: ["", "edit", "Draft"],
  "in review": ["accent", "question", "In review"],
  scheduled: ["going", "clock", "Scheduled"],
  running: ["good", "play", "Running"],
  failing: ["bad", "warning", "Failing"],
  paused: ["warn", "pause", "Paused"],
  stopped: ["warn", "stop", "Stopped"],
  ended: ["", "check", "Ended"],
  archived: ["", "archive", "Archived"],
};

/** The state of something that runs: a campaign, a journey, a provider. */
export function State({ state }) {
  const [tone, icon, word] = STATES[state] ?? ["", "info", state];
  return html`<${Badge} tone=${tone} icon=${icon}>${word}<//>`;
}
