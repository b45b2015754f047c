// That a campaign is archived, with the way back.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { makeChange, onPage } from "./campaign-writes.js";

export const Archived = ({ campaign }) => campaign.archived_at && html`<div class="banner">
  <${Icon} name="archive" />
  <p class="grow">It is archived: lists and exports leave it out, and its name stays taken.</p>
  <button type="button" class="button little"
    onClick=${() => makeChange([campaign.id], { do: "restore" }, onPage(campaign.id))}>
    Restore</button></div>`;
