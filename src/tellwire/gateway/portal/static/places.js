// Where things are: every page of the portal with its address, name and group.
export const BASE = "/portal";
const at = (name) => `${BASE}/${name}`;

export const OVERVIEW = at("overview");
export const MESSAGES = at("messages");
export const INBOUND = at("inbound");
export const CARRIERS = at("carriers");
export const ROUTES = at("routes");
export const KEYS = at("keys");
export const SUBACCOUNTS = at("subaccounts");
export const NUMBERS = at("senders");
export const WEBHOOKS = at("webhooks");
export const SURVEYS = at("surveys");
export const PRICES = at("prices");
export const SIMULATOR = at("simulator");
export const PEOPLE = at("people");
export const MENU = at("menu");

export const inboundAt = (umid) => `${INBOUND}/${encodeURIComponent(umid)}`;
export const messageAt = (umid) => `${MESSAGES}/${encodeURIComponent(umid)}`;
export const surveyAt = (id) => `${SURVEYS}/${encodeURIComponent(id)}`;
export const handsetAt = (number) => `/simulator/handsets/${encodeURIComponent(number)}`;

// [address, icon, name, what it is for, whether a narrow screen keeps it in its bar, key after "g"]
export const GROUPS = [
  ["Traffic", [
    [OVERVIEW, "grid", "Overview", "Balance, volume and what is wrong now", true, "o"],
    [MESSAGES, "message", "Messages", "Find a message and see what became of it", true, "m"],
    [INBOUND, "inbox", "Inbound", "What handsets wrote, and who was told", false, "b"],
    [CARRIERS, "wire", "Carriers", "Binds, pace and window, live", true, "c"],
    [ROUTES, "route", "Routes", "Which carrier takes which numbers, and why", false, "r"],
  ]],
  ["Customers", [
    [KEYS, "key", "API keys", "Who may send, and from where", true, "k"],
    [SUBACCOUNTS, "people", "Subaccounts", "Sending units, balances", false, "s"],
    [NUMBERS, "hash", "Senders", "Sender IDs, virtual numbers, SMPP logins", false, "n"],
    [WEBHOOKS, "hook", "Webhooks", "Where receipts go, and what waits", false, "w"],
    [SURVEYS, "checks", "Surveys", "Questions behind a link, and their answers", false, "y"],
    [PRICES, "coin", "Prices", "What a part costs, by prefix", false, "$"],
  ]],
  ["Set-up", [
    [SIMULATOR, "phone", "Simulator", "Magic numbers and handsets to try with", false, "i"],
    [PEOPLE, "person", "People", "Who may sign in here", false, "p"],
  ]],
];
