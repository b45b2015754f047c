// Starts the dashboard.
import { startApp } from "/static/shared/ui/app.js";
import { api } from "./api.js";
import {
  ACCOUNT, AUDIENCES, AUDIT, CALENDAR, GROUPS, INBOX, LIVE, MENU, PEOPLE, SMS, SUPPRESSIONS, TRANSFER,
} from "./places.js";
import { Shell } from "./shell.js";

startApp({
  api, Shell, groups: GROUPS, home: LIVE,
  isRoot: (path) => path === "/",
  isOurs: (path) => !path.startsWith("/api/"),
  door: () => import("./pages/sign-in.js"),
  missing: () => import("./pages/missing.js"),
  pages: [
    [LIVE, () => import("./pages/live.js")],
    ["/campaigns", () => import("./pages/campaigns.js")],
    ["/campaigns/new", () => import("./pages/campaign-edit.js")],
    ["/campaigns/:id", () => import("./pages/campaign.js")],
    ["/campaigns/:id/edit", () => import("./pages/campaign-edit.js")],
    [CALENDAR, () => import("./pages/calendar.js")],
    [AUDIENCES, () => import("./pages/audiences.js")],
    [`${AUDIENCES}/new`, () => import("./pages/audience.js")],
    [`${AUDIENCES}/edit`, () => import("./pages/audience.js")],
    ["/messages", () => import("./pages/messages.js")],
    ["/messages/:id", () => import("./pages/message.js")],
    ["/events/:id", () => import("./pages/event.js")],
    ["/explain", () => import("./pages/explain.js")],
    ["/profile", () => import("./pages/profile.js")],
    [PEOPLE, () => import("./pages/people.js")],
    [`${PEOPLE}/:identity`, () => import("./pages/person.js")],
    [INBOX, () => import("./pages/inbox.js")],
    [SUPPRESSIONS, () => import("./pages/suppressions.js")],
    [SMS, () => import("./pages/providers.js")],
    [`${SMS}/new`, () => import("./pages/provider-edit.js")],
    [`${SMS}/:id`, () => import("./pages/provider-edit.js")],
    [ACCOUNT, () => import("./pages/account.js")],
    [TRANSFER, () => import("./pages/transfer.js")],
    [AUDIT, () => import("./pages/audit.js")],
    [MENU, () => import("./pages/menu.js")],
  ],
});
