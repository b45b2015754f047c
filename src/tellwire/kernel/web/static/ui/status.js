// A message's status as colour, icon and word: never colour alone.
import { html } from "./preact.js";
import { Badge } from "./badge.js";

const LOOKS = {
  queued: ["", "clock", "Queued"],
  sent: ["going", "arrow", "Sent"],
  delivered_to_operator: ["going", "check", "At operator"],
  delivered: ["good", "check", "Delivered"],
  read: ["good", "checks", "Read"],
  undelivered: ["bad", "cross", "Undelivered"],
  rejected: ["bad", "ban", "Rejected"],
  expired: ["bad", "clock", "Expired"],
};

export function lookOf(status, detail) {
  const [tone, icon, word] = LOOKS[detail] ?? LOOKS[status] ?? ["", "info", status];
  return { tone, icon, word };
}

export const isFailure = (status) => ["undelivered", "rejected", "expired"].includes(status);

export function Status({ status, detail }) {
  const { tone, icon, word } = lookOf(status, detail);
  return html`<${Badge} tone=${tone} icon=${icon}>${word}<//>`;
}
