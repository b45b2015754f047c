// Where things are: the addresses that pages link to.
export const LIVE = "/live";
export const SMS = "/settings/engage/channels/sms";
export const TRANSFER = "/settings/transfer";
export const AUDIT = "/settings/audit";
export const JOURNEYS = "/campaigns?view=journeys";
export const CALENDAR = "/calendar";
export const AUDIENCES = "/audiences";
export const audienceAt = (name) => `${AUDIENCES}/edit?${new URLSearchParams({ name })}`;
export const ACCOUNT = "/settings/account";
export const PEOPLE = "/people";
export const INBOX = "/inbox";
export const SUPPRESSIONS = "/suppressions";
export const MENU = "/menu";
export const providerAt = (id) => `${SMS}/${encodeURIComponent(id)}`;
export const campaignAt = (id) => `/campaigns/${encodeURIComponent(id)}`;
export const messageAt = (id) => `/messages/${encodeURIComponent(id)}`;
/** The changes of one thing alone, in the audit log. */
export const changesOf = (kind, id) => `${AUDIT}?${new URLSearchParams({ kind, object_id: id, range: "90d" })}`;
/** One person whole. */
export const personAt = (identity) => `${PEOPLE}/${encodeURIComponent(identity)}`;
export const eventAt = (id) => `/events/${encodeURIComponent(id)}`;

const PARAMETER = { identity: "identity", device: "object_id" };
export const profileAt = ({ kind, value }) =>
  `/profile?${new URLSearchParams({ [PARAMETER[kind] ?? "identity"]: value })}`;
export const explainAt = ({ kind, value }, event) =>
  `/explain?${new URLSearchParams({ [PARAMETER[kind] ?? "identity"]: value, event })}`;

/** Why a person got a campaign, or did not, whatever starts it. */
export const explainCampaignAt = ({ kind, value }, campaign) =>
  `/explain?${new URLSearchParams({ [PARAMETER[kind] ?? "identity"]: value, campaign })}`;

// Settings > Engage > Channels > SMS: the very path that CleverTap's guides name.
export const SMS_CRUMBS = [["Settings"], ["Engage"], ["Channels"], ["SMS", SMS]];

// [address, icon, name, what it is for, whether a narrow screen keeps it in its bar, key after "g"]
export const GROUPS = [
  ["", [
    [LIVE, "pulse", "Live", "Events and messages as they happen", true, "l"],
    ["/campaigns", "megaphone", "Campaigns", "What is answered, and with what words", true, "c"],
    [JOURNEYS, "route", "Journeys", "Campaigns of several messages, or with a branch", false, "j"],
    [CALENDAR, "calendar", "Calendar", "What goes out when", false, "k"],
    [AUDIENCES, "people", "Audiences", "Who belongs together, and how many they are", false, "u"],
    ["/messages", "message", "Messages", "Find a message and see what became of it", true, "m"],
    ["/explain", "question", "Explain", "Why somebody got a message, or did not", true, "e"],
  ]],
  ["People", [
    [PEOPLE, "person", "Profiles", "Who people are, and what happened to them", false, "p"],
    [INBOX, "inbox", "Inbox", "What people answer, and answering them", false, "i"],
    [SUPPRESSIONS, "ban", "Suppressions", "Who must not be written to, and keywords", false, "u"],
  ]],
  ["Settings", [
    [SMS, "sliders", "SMS", "Engage › Channels › SMS: the providers that carry messages", false, "s"],
    [ACCOUNT, "person", "Account", "Zone, quiet hours, limits and audiences of all campaigns", false, "a"],
    [TRANSFER, "transfer", "Import and export", "Campaigns and providers as one file", false, "t"],
    [AUDIT, "clock", "Audit log", "Who changed what, and what was before", false, "h"],
  ]],
];
