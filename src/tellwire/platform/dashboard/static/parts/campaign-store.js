// Asking whether to publish a campaign, with what that will do.
import { html } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { summary } from "../campaign-draft.js";

/** Asks whether to publish, saying what that will do: in `lines`, or as the form of one message says it. */
export const askToPublish = (draft, provider,
  lines = summary(draft, provider?.nickname ?? "the default provider, and there is none yet")) => ask({
  title: `Publish ${draft.name || "this campaign"}?`,
  body: html`<ul class="stack close">${lines.map((text) => html`<li key=${text}>${text}</li>`)}</ul>`,
  yes: "Publish", no: "Not yet",
});
