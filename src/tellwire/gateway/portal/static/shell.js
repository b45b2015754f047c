// What stands around every page of the portal.
import { html } from "/static/shared/ui/preact.js";
import { Shell as Frame } from "/static/shared/ui/shell.js";
import { api, session } from "./api.js";
import { GROUPS, MENU, OVERVIEW } from "./places.js";

const finds = () => import("./finds.js").then((module) => module.sources);

export { Page } from "/static/shared/ui/page.js";
export const BADGE = "Gateway"; // tells it from the platform's dashboard

export const Shell = ({ children }) =>
  html`<${Frame} ...${{ api, children }} badge=${BADGE} home=${OVERVIEW} menu=${MENU} groups=${GROUPS} finds=${finds}
  who=${html`${session.value.name}<br />${session.value.email || "by the admin token"} · ${session.value.role}`} />`;
