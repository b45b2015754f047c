// The account's settings as a form holds them, and back. Nothing here draws.
import { blankRow } from "./document/rule-rows.js";

const NO_RULE = "Add a rule: an audience without one would be everybody.";

/** What stands in the form for what the server has. */
export const draftOf = ({ account, audiences }) => ({
  account: {
    zone: account.zone ?? "",
    quiet: [account.quiet ?? []].flat().map(quietOf),
    limits: { ...account.limits, per_person: account.limits?.per_person ?? [], gap: account.limits?.gap ?? "" },
    holdout: String(account.holdout ?? 0),
    links: account.links, // kept as they are
    replies: account.replies, // changed on the page of keywords, and kept here
  },
  audiences: audiences.map(({ name, rule }) => ({ name, rule })),
});

const quietOf = ({ from, to, days = [], zone = "person", then = "delay" }) => ({ from, to, days, zone, then });

export const newQuiet = () => quietOf({ from: "22:00", to: "08:00" });
export const newAudience = () => ({ name: "", rule: blankRow("profile") });

/** What the server is sent. */
export function payloadOf({ account, audiences }) {
  const { per_person: caps, gap, ...others } = account.limits;
  return {
    account: {
      ...(account.zone && { zone: account.zone }),
      ...(account.quiet.length && { quiet: account.quiet }),
      limits: { ...others, per_person: caps.map((cap) => cap.trim()), ...(gap.trim() && { gap: gap.trim() }) },
      holdout: Number(account.holdout || 0),
      ...(account.links && { links: account.links }),
      ...(account.replies && { replies: account.replies }),
    },
    audiences: audiences.map(({ name, rule }) => ({ name: name.trim(), rule })),
  };
}

const isShare = (text) => text === "" || (Number(text) >= 0 && Number(text) <= 100);

/** The rules that a draft is checked by before it is sent; the server knows the others. */
export const rulesOf = ({ account, audiences }) => [
  ["account.holdout", (text) => (isShare(text) ? "" : "Write a share from 0 to 100 percent.")],
  ...account.limits.per_person.map((_, at) => [`account.limits.per_person.${at}`,
    (text) => (text.trim() ? "" : "Write it as 3 per 7 days, or remove it.")]),
  ...audiences.flatMap((_, at) => [
    [`audiences.${at}.name`, (name) => (name.trim() ? "" : "Give the audience a name.")],
    [`audiences.${at}.rule`, (rule) => (rule ? "" : NO_RULE)],
  ]),
];

/** The error at a path, or the first of what stands below it. */
export function errorAt(errors, path) {
  const below = Object.keys(errors).find((one) => one === path || one.startsWith(`${path}.`));
  return below && (below === path ? errors[below] : `${below.slice(path.length + 1)}: ${errors[below]}`);
}
