// What can be done with the campaigns that are ticked; each change can be taken back, but for deleting.
import { html } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Icon } from "/static/shared/ui/icons.js";
import { MenuButton } from "/static/shared/ui/menu-button.js";
import { EXPORT_LIMIT } from "../bulk.js";
import { count } from "../words.js";
import { Labels } from "./campaign-labels.js";
import { makeChange } from "./campaign-writes.js";

/** `rows` are those that are ticked, `place` is where their changes are shown. */
export function CampaignBulk({ rows, labels, clear, place }) {
  const ids = rows.map(({ id }) => id);
  const run = (change, keeps = false) => makeChange(ids, change, place).then((results) => keeps || !results || clear());
  const has = (...standings) => rows.some((row) => standings.includes(row.standing));
  const drafts = rows.filter((row) => row.is_unpublished && ["draft", "archived"].includes(row.standing));
  const button = (verb, icon, name) => html`<button type="button" class="button little"
    onClick=${() => run({ do: verb })}><${Icon} name=${icon} size=${13} />${name}</button>`;
  return html`
    ${has("running", "failing", "scheduled", "ended") && button("pause", "pause", "Pause")}
    ${has("paused") && button("resume", "play", "Resume")}
    <${Labels} rows=${rows} labels=${labels} run=${(change) => run(change, true)} />
    ${button("clone", "copy", "Duplicate")}
    ${has("draft", "stopped") && button("archive", "archive", "Archive")}
    ${has("archived") && button("restore", "up", "Restore")}
    <${MenuButton} label="More for these campaigns" items=${[
      ids.length <= EXPORT_LIMIT
        ? { name: "Export as YAML", icon: "file", run: () => save(ids) }
        : { name: "Export as YAML", icon: "file", hint: `at most ${EXPORT_LIMIT}`, isDisabled: true },
      null,
      { name: "Delete drafts…", icon: "trash", isDangerous: true, isDisabled: !drafts.length,
        hint: drafts.length ? String(drafts.length) : "none", run: () => remove(drafts, place, clear) },
    ]} />`;
}

/** Asks the browser to keep the file; the address names the campaigns. */
function save(ids) {
  const link = document.createElement("a");
  link.href = `/api/export?${ids.map((id) => `campaign_id=${id}`).join("&")}`;
  link.download = "campaigns.yaml";
  link.click();
}

const NAMED = 5; // of those that would be deleted

async function remove(drafts, place, clear) {
  const names = drafts.slice(0, NAMED).map(({ name }) => name);
  const isYes = await ask({
    title: `Delete ${count(drafts.length, "draft")}?`, yes: "Delete", isDangerous: true,
    body: html`<p>They were never published. This cannot be undone.</p>
      <ul class="bullets">${names.map((name) => html`<li key=${name}>${name}</li>`)}
        ${drafts.length > NAMED && html`<li>and ${drafts.length - NAMED} more</li>`}</ul>`,
  });
  if (!isYes) return;
  if (await makeChange(drafts.map(({ id }) => id), { do: "delete" }, place)) clear();
}
