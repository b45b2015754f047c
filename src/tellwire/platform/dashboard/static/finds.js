// What Ctrl K finds in the dashboard: pages, things to do, campaigns, and a message or person by what is typed.
import { pagesOf } from "/static/shared/ui/palette/pages.js";
import { ranked } from "/static/shared/ui/palette/ranking.js";
import { get } from "./api.js";
import { GROUPS, campaignAt, messageAt, profileAt } from "./places.js";

const MANY = 50; // campaigns that fit: more is found by typing more
const LEAST_DIGITS = 7;

async function campaignsFor(words, signal) {
  const { campaigns } = await get("/campaigns", { signal });
  const items = campaigns.map(({ id, name, state }) => ({ name: name || "Without a name", hint: state,
    icon: "megaphone", href: campaignAt(id) }));
  return words ? ranked(items, words, MANY).map(({ marks: _, ...item }) => item) : items.slice(0, MANY);
}

/** Somebody or something whose whole name was typed; whether it is there, its page says. */
function called(words) {
  const name = words.trim();
  if (!name || name.includes(" ")) return [];
  const digits = name.replace(/\D/g, "");
  const isNumber = /^\+?[\d.()-]+$/.test(name) && digits.length >= LEAST_DIGITS;
  return [
    { name: `Profile ${name}`, icon: "person", href: profileAt({ kind: "identity", value: name }) },
    ...(isNumber ? [{ name: `Messages to ${name}`, icon: "message",
      href: `/messages?${new URLSearchParams({ to: name })}` }] : []),
    ...(name.length > LEAST_DIGITS && !isNumber ? [{ name: `Message ${name}`, icon: "message",
      href: messageAt(name) }] : []),
  ];
}

export const sources = [
  pagesOf(GROUPS),
  { name: "Do", items: [
    { name: "New campaign", words: "write create add", icon: "plus", href: "/campaigns/new" },
    { name: "New audience", words: "who segment people count", icon: "plus", href: "/audiences/new" },
    { name: "Ask why somebody got nothing", words: "explain", icon: "question", href: "/explain" },
  ] },
  { name: "Campaigns", items: campaignsFor },
  { name: "By name", items: (words) => Promise.resolve(called(words)) },
];
