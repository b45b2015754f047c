import { html, useState } from "/static/shared/ui/preact.js";
import { Tabs } from "/static/shared/ui/tabs.js";
import { State } from "../state.js";

const VIEWS = [{ key: "all", name: "All", count: 14 }, { key: "attention", name: "Needs attention", count: 3 },
  { key: "mine", name: "Mine" }, { key: "sg", name: "Singapore, live" },
  { key: "es", name: "Spain, scheduled for spring" }];

function Views() {
  const [value, setValue] = useState("all");
  return html`<${Tabs} label="Views" tabs=${VIEWS} value=${value} onValue=${setValue}><p>This is ${value}.</p><//>`;
}

export default () => html`<${State} name="Five views"><${Views} /><//>`;
