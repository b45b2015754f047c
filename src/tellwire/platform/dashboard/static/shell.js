// What stands around every page of the dashboard.
import { html } from "/static/shared/ui/preact.js";
import { Shell as Frame } from "/static/shared/ui/shell.js";
import { api, session } from "./api.js";
import { GROUPS, LIVE, MENU } from "./places.js";

const finds = () => import("./finds.js").then((module) => module.sources);

export { Page } from "/static/shared/ui/page.js";

export const Shell = ({ children }) => html`<${Frame} ...${{ api, children }} home=${LIVE} menu=${MENU} groups=${GROUPS} finds=${finds}
  who=${html`${session.value.email}<br />Account ${session.value.account_id} · ${session.value.version}`} />`;
