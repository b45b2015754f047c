// Blocks or YAML, and undo and redo.
import { html } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Choice } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { EXAMPLE, blankDocument } from "../../document/document.js";
import { isSame } from "../../document/tree.js";

const VIEWS = [["blocks", "Blocks"], ["yaml", "YAML"]];
const lose = () => ask({ title: "Leave the YAML as it is?", yes: "Leave it", no: "Stay", isDangerous: true,
  body: html`<p>It cannot be read as it stands. The blocks have what could be read last.</p>` });

/** `settle` reads what was typed as YAML and says whether it could be read. While all is blank, there is an example. */
export function Views({ view, onView, settle, edited }) {
  const choose = async (next) => { if (next === "yaml" || await settle() || await lose()) onView(next); };
  const button = (name, label, keys, act, can) => html`<button type="button" class="button quiet square"
    aria-label=${label} title="${label} (${keys})" aria-disabled=${can ? undefined : "true"} onClick=${act}>
    <${Icon} name=${name} /></button>`;
  return html`<div class="row views"><${Choice} label="Edit as" isLabelUnseen options=${VIEWS} value=${view}
      onValue=${choose} />
    ${isSame(edited.document, blankDocument()) && html`<button type="button" class="button quiet"
      onClick=${() => edited.set(EXAMPLE)}>Begin with an example</button>`}
    <span class="row tight push">${button("undo", "Undo", "Ctrl Z", edited.undo, edited.canUndo)}
      ${button("redo", "Redo", "Ctrl Shift Z", edited.redo, edited.canRedo)}</span></div>`;
}
