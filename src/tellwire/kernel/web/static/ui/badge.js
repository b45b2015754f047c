// States as colour, icon and word: never colour alone.
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

const STATUSES = {
  queued: ["", "clock", "Queued"],
  sent: ["going", "arrow", "Sent"],
  delivered_to_operator: ["going", "check", "At operator"],
  delivered: ["good", "check", "Delivered"],
  read: ["good", "checks", "Read"],
  undelivered: ["bad", "cross", "Undelivered"],
  rejected: ["bad", "ban", "Rejected"],
  expired: ["bad", "clock", "Expired"],
};

/** How a message's status looks; `detail` says more than it where it is known. */
export function lookOf(status, detail) {
  const [tone, icon, word] = STATUSES[detail] ?? STATUSES[status] ?? ["", "info", status];
  return { tone, icon, word };
}

export const isFailure = (status) => ["undelivered", "rejected", "expired"].includes(status);

/** A message's status. */
export function Status({ status, detail }) {
  const { tone, icon, word } = lookOf(status, detail);
  return html`<${Badge} tone=${tone} icon=${icon}>${word}<//>`;
}
