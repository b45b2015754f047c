import { Badge } from "/static/shared/ui/badge.js";
import { MenuButton } from "/static/shared/ui/menu-button.js";
import { Panel } from "/static/shared/ui/panel.js";
import { html } from "/static/shared/ui/preact.js";
import { go, here } from "/static/shared/ui/router.js";
import { Table } from "/static/shared/ui/table/table.js";
import { campaigns } from "../data.js";
import { State } from "../state.js";
import { columns } from "./table.js";

const rows = campaigns(12);

export default () => {
  const { open = "" } = here.value.query;
  const row = rows.find(({ id }) => open === `campaign:${id}`);
  return html`<${State} name="A list with the panel of one of its rows" isBare=${true}>
    <${Table} name="Campaigns beside" rows=${rows} columns=${columns.slice(0, 4)} isMain=${true} currentId=${row?.id}
      hrefOf=${({ id }) => `/?piece=panel&open=campaign:${id}`} hasTools=${false} /><//>
    ${row && html`<${Panel} name=${open} title=${row.name} href="/?piece=table" mark=${html`<${Badge}>${row.state}<//>`}
      actions=${html`<${MenuButton} label="More" items=${[{ name: "Duplicate" }]} />`}
      onClose=${() => go("/?piece=panel", { isReplacing: true })}>
      <dl class="facts"><dt>Event</dt><dd>${row.event}</dd><dt>Sent</dt><dd>${row.sent ?? "–"}</dd></dl>
      <p><a href="/?piece=spark">A link</a> <button type="button" class="button little">A button</button></p><//>`}`;
};
