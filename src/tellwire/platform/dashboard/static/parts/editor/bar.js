// The bar below the editor: whether all is saved, what is missing, and the buttons.
import { html } from "/static/shared/ui/preact.js";
import { missing } from "../../document/blocks.js";
import { campaignAt } from "../../places.js";

export function Bar({ store, document }) {
  const isBusy = store.isBusy ? "true" : undefined;
  const lacks = missing(document);
  return html`<div class="bar">
    <span class="muted small" role="status">${store.isDirty ? "Not saved yet" : store.id ? "Saved" : "New campaign"}
      ${lacks.length > 0 && html` · Missing: ${lacks.join(", ")}`}</span>
    <div class="row push">
      <a class="button" href=${store.id ? campaignAt(store.id) : "/campaigns"}>Cancel</a>
      <button class="button ${store.isInUse ? "primary" : ""}" form="campaign" aria-disabled=${isBusy}>
        ${store.isInUse ? "Save changes" : "Save draft"}</button>
      ${!store.isInUse && html`<button type="button" class="button primary" aria-disabled=${isBusy}
        onClick=${store.publish}>Publish…</button>`}
    </div></div>`;
}
