// That a campaign is archived, with the way back; and taking one out of the lists.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { makeChange } from "./campaign-bulk.js";

/** `reload` is called once it is back in the lists. */
export const Archived = ({ campaign, reload }) => campaign.archived_at && html`<div class="banner">
  <${Icon} name="archive" />
  <p class="grow">It is archived: lists and exports leave it out, and its name stays taken.</p>
  <button type="button" class="button little" onClick=${() => makeChange([campaign.id], { do: "restore" }, reload)}>
    Restore</button></div>`;
