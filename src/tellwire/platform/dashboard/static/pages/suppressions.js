// Suppressions: the numbers that must not be written to, and the words by which people stop and start.
import { html } from "/static/shared/ui/preact.js";
import { here, putQuery } from "/static/shared/ui/router.js";
import { Tabs } from "/static/shared/ui/tabs.js";
import { Keywords } from "../parts/keywords.js";
import { SuppressedNumbers } from "../parts/suppressed-numbers.js";
import { SUPPRESSIONS } from "../places.js";
import { Page } from "../shell.js";

const LEAD = "Numbers that nothing is sent to, whatever a campaign says, and the words by which people ask for that.";
const TABS = [{ key: "numbers", name: "Numbers" }, { key: "keywords", name: "Keywords" }];

export default function Suppressions() {
  const view = here.value.query.view === "keywords" ? "keywords" : "numbers";
  return html`<${Page} title="Suppressions" crumbs=${[["People"], ["Suppressions"]]} lead=${LEAD}>
    <${Tabs} label="Suppressions and keywords" tabs=${TABS} value=${view}
      onValue=${(key) => putQuery(SUPPRESSIONS, { view: key === "numbers" ? "" : key })}>
      ${view === "keywords" ? html`<${Keywords} />` : html`<${SuppressedNumbers} />`}<//><//>`;
}
