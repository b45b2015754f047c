// What Ctrl K finds in the portal: pages, messages by number or id, subaccounts.
import { pagesOf } from "/static/shared/ui/palette/pages.js";
import { query } from "/static/shared/ui/request.js";
import { get } from "./api.js";
import { GROUPS, SUBACCOUNTS, messageAt } from "./places.js";

const LEAST = 4; // letters or digits, before messages are looked through

async function messagesFor(words, signal) {
  if (words.trim().length < LEAST) return [];
  const { messages } = await get(`/messages${query({ q: words.trim() })}`, { signal });
  return messages.map(({ umid, to, status }) => ({ name: `Message to ${to}`, hint: status, icon: "message",
    href: messageAt(umid) }));
}

async function subaccountsFor(words, signal) {
  const { subaccounts } = await get("/accounts", { signal });
  const sought = words.trim().toLowerCase();
  return subaccounts.filter(({ id }) => id.toLowerCase().includes(sought))
    .map(({ id, account }) => ({ name: id, hint: account, icon: "people", href: SUBACCOUNTS }));
}

export const sources = [
  pagesOf(GROUPS),
  { name: "Messages", items: messagesFor },
  { name: "Subaccounts", items: subaccountsFor },
];
