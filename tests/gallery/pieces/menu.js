import { MenuButton } from "/static/shared/ui/menu-button.js";
import { html, useState } from "/static/shared/ui/preact.js";
import { State } from "../state.js";

function Menus() {
  const [done, setDone] = useState("nothing yet");
  const items = [
    { name: "Edit", icon: "edit", hint: "E", run: () => setDone("Edit") },
    { name: "Duplicate", icon: "copy", hint: "D", run: () => setDone("Duplicate") },
    { name: "Open as a page", icon: "expand", href: "/?piece=menu" },
    { name: "Publish", icon: "play", isDisabled: true, hint: "incomplete", run: () => setDone("Publish") },
    null,
    { name: "Archive", icon: "archive", isDangerous: true, run: () => setDone("Archive") },
  ];
  return html`<div class="g-line"><${MenuButton} label="More" items=${items} />
    <${MenuButton} class="button" side="start" button="Actions" items=${items} /><output>Done: ${done}</output></div>`;
}

export default () => html`<${State} name="Dots, and a word"><${Menus} /><//>`;
