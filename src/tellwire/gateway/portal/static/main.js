// Starts the portal.
import { startApp } from "/static/shared/ui/app.js";
import { api } from "./api.js";
import {
  BASE, CARRIERS, GROUPS, INBOUND, KEYS, MENU, MESSAGES, NUMBERS, OVERVIEW, PEOPLE, PRICES, ROUTES, SIMULATOR,
    SUBACCOUNTS, SURVEYS, WEBHOOKS,
} from "./places.js";
import { Shell } from "./shell.js";

startApp({
  api, Shell, groups: GROUPS, home: OVERVIEW,
  isRoot: (path) => path === BASE || path === `${BASE}/`,
  isOurs: (path) => path.startsWith(`${BASE}/`),
  door: () => import("./pages/sign-in.js"),
  missing: () => import("./pages/missing.js"),
  pages: [
    [OVERVIEW, () => import("./pages/overview.js")],
    [MESSAGES, () => import("./pages/messages.js")],
    [`${MESSAGES}/:umid`, () => import("./pages/message.js")],
    [INBOUND, () => import("./pages/inbound.js")],
    [`${INBOUND}/:umid`, () => import("./pages/inbound-text.js")],
    [CARRIERS, () => import("./pages/carriers.js")],
    [KEYS, () => import("./pages/keys.js")],
    [SUBACCOUNTS, () => import("./pages/subaccounts.js")],
    [SURVEYS, () => import("./pages/surveys.js")],
    [`${SURVEYS}/:id`, () => import("./pages/survey.js")],
    [WEBHOOKS, () => import("./pages/webhooks.js")],
    [ROUTES, () => import("./pages/routes.js")],
    [NUMBERS, () => import("./pages/senders.js")],
    [PRICES, () => import("./pages/prices.js")],
    [SIMULATOR, () => import("./pages/simulator.js")],
    [PEOPLE, () => import("./pages/people.js")],
    [MENU, () => import("./pages/menu.js")],
  ],
});
