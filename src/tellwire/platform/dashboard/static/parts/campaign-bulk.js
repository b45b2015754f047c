// What can be done with the campaigns that are ticked; each change can be taken back, but for deleting.
import { html, useState } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { MenuButton } from "/static/shared/ui/menu-button.js";
import { Popover } from "/static/shared/ui/popover.js";
import { toast } from "/static/shared/ui/toast.js";
import { post } from "../api.js";
import { EXPORT_LIMIT, inPieces, outcome, undoOf } from "../bulk.js";
import { count } from "../words.js";

const send = (change) => (ids) => post("/campaigns/bulk", { ids, change });

/** Makes a change, says what happened and offers to take it back; `done` hears of both. */
export async function makeChange(ids, change, done) {
  try {
    const results = await inPieces(ids, send(change));
    const back = undoOf(change, results);
    const undo = async () => {
      await inPieces(back.ids, send(back.change)).catch((error) => toast(error.message));
      done();
    };
    toast(outcome(change.do, results), back && { label: "Undo", run: undo });
  } catch (error) {
    toast(error.message);
  }
  done();
}

/** `rows` are those that are ticked. */
export function CampaignBulk({ rows, labels, clear, reload }) {
  const ids = rows.map(({ id }) => id);
  const run = (change, keeps = false) => makeChange(ids, change, reload).then(() => keeps || clear());
  const has = (...standings) => rows.some((row) => standings.includes(row.standing));
  const drafts = rows.filter((row) => row.is_unpublished && ["draft", "archived"].includes(row.standing));
  const button = (verb, icon, name) => html`<button type="button" class="button little"
    onClick=${() => run({ do: verb })}><${Icon} name=${icon} size=${13} />${name}</button>`;
  return html`
    ${has("running", "failing", "scheduled", "ended") && button("pause", "pause", "Pause")}
    ${has("paused") && button("resume", "play", "Resume")}
    <${Labels} rows=${rows} labels=${labels} run=${run} />
    ${button("clone", "copy", "Duplicate")}
    ${has("draft", "stopped") && button("archive", "archive", "Archive")}
    ${has("archived") && button("restore", "up", "Restore")}
    <${MenuButton} label="More for these campaigns" items=${[
      ids.length <= EXPORT_LIMIT
        ? { name: "Export as YAML", icon: "file", run: () => save(ids) }
        : { name: "Export as YAML", icon: "file", hint: `at most ${EXPORT_LIMIT}`, isDisabled: true },
      null,
      { name: "Delete drafts…", icon: "trash", isDangerous: true, isDisabled: !drafts.length,
        hint: drafts.length ? String(drafts.length) : "none", run: () => remove(drafts, reload, clear) },
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

async function remove(drafts, reload, clear) {
  const names = drafts.slice(0, NAMED).map(({ name }) => name);
  const isYes = await ask({
    title: `Delete ${count(drafts.length, "draft")}?`, yes: "Delete", isDangerous: true,
    body: html`<p>They were never published. This cannot be undone.</p>
      <ul class="bullets">${names.map((name) => html`<li key=${name}>${name}</li>`)}
        ${drafts.length > NAMED && html`<li>and ${drafts.length - NAMED} more</li>`}</ul>`,
  });
  if (!isYes) return;
  await makeChange(drafts.map(({ id }) => id), { do: "delete" }, reload);
  clear();
}

const LABEL_LIMIT = 120; // characters

function Labels({ rows, labels, run }) {
  const [name, setName] = useState("");
  const add = (event) => {
    event.preventDefault();
    if (!name.trim()) return;
    run({ do: "label", add: [name.trim()] }, true);
    setName("");
  };
  const flip = (label, isOn) => run({ do: "label", ...(isOn ? { remove: [label] } : { add: [label] }) }, true);
  return html`<${Popover} class="button little" button=${html`<${Icon} name="flag" size=${13} />Label`}>${() => html`
    <form class="k-filter-box stack close" onSubmit=${add}>
      <div class="joined"><${TextField} label="Label" isLabelUnseen=${true} placeholder="A label"
        maxlength=${LABEL_LIMIT} value=${name} onValue=${setName} />
        <button type="submit" class="button">Add</button></div>
      ${labels.length > 0 && html`<fieldset class="k-columns"><legend class="k-unseen">Labels</legend>
        ${labels.map((label) => {
          const isOn = rows.every((row) => row.labels.includes(label));
          const isPartly = !isOn && rows.some((row) => row.labels.includes(label));
          return html`<label key=${label} class="k-check"><input type="checkbox" checked=${isOn}
            indeterminate=${isPartly} onChange=${() => flip(label, isOn)} />${label}</label>`;
        })}</fieldset>`}</form>`}<//>`;
}
