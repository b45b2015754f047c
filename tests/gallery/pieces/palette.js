import { PaletteDoor } from "/static/shared/ui/palette/palette-door.js";
import { html } from "/static/shared/ui/preact.js";
import { toast } from "/static/shared/ui/toast.js";
import { campaigns } from "../data.js";
import { State } from "../state.js";

const people = [{ name: "Ann Aardvark", hint: "+65 •••• ••00", icon: "person", href: "/?piece=palette&open=person:1" }];
const sources = [
  { name: "Do", items: [{ name: "Stop a campaign", words: "pause end", icon: "stop", run: () => toast("Stopped.") },
    { name: "Suppress a number", words: "block opt out", icon: "ban", run: () => toast("Suppressed.") }] },
  { name: "Pages", items: [{ name: "Campaigns", icon: "megaphone", href: "/?piece=table" },
    { name: "Messages", icon: "message", href: "/?piece=plot" }] },
  { name: "Campaigns", items: campaigns(300).map(({ id, name, state }) => ({ name, hint: state, icon: "megaphone",
    href: `/?piece=palette&open=campaign:${id}` })) },
  { name: "People", items: (words) => Promise.resolve(words.startsWith("an") ? people : []) },
];

export default () => html`<${State} name="The frame’s button; Ctrl K opens it too">
  <${PaletteDoor} load=${() => Promise.resolve(sources)} label="Find a person, campaign, message…" /><//>`;
