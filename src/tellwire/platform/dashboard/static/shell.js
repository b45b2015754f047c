// What stands around every page of the dashboard.
import { html, useEffect, useRef } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { here } from "/static/shared/ui/router.js";
import { Shell as Frame } from "/static/shared/ui/shell.js";
import { api, session } from "./api.js";
import { ACCOUNT, GROUPS, LIVE, MENU } from "./places.js";

const finds = () => import("./finds.js").then((module) => module.sources);

export { Page } from "/static/shared/ui/page.js";

/** Whether all sending is paused, asked again with each page: others may pause it. */
function Paused() {
  const { path } = here.value;
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false; // the session was asked for just now
      return;
    }
    api.get("/session").then((found) => {
      const known = session.value;
      if (!known || known.is_sending_paused === found.is_sending_paused) return;
      session.value = { ...known, is_sending_paused: found.is_sending_paused };
    }, () => {}); // the page itself says what is wrong with its own requests
  }, [path]);
  return session.value?.is_sending_paused && path !== ACCOUNT && html`<p class="banner warn paused-everywhere">
    <${Icon} name="pause" size=${14} /><span class="grow">All sending is paused: nothing is handed over to
    providers.</span> <a href=${ACCOUNT}>Account</a></p>`;
}

export const Shell = ({ children }) => html`<${Frame} ...${{ api }} home=${LIVE} menu=${MENU} groups=${GROUPS}
  finds=${finds}
  who=${html`${session.value.email}<br />Account ${session.value.account_id} · ${session.value.version}`}>
  <${Paused} />${children}<//>`;
