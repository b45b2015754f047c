// Asking whether to publish a campaign, with what that will do.
import { html } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";

/** `lines` say what publishing will do, a sentence each. */
export const askToPublish = (name, lines) => ask({
  title: `Publish ${name || "this campaign"}?`,
  body: html`<ul class="stack close">${lines.map((text) => html`<li key=${text}>${text}</li>`)}</ul>`,
  yes: "Publish", no: "Not yet",
});
