// What can be done with a campaign on its page. One button leads; what stops or puts away stands in the menu.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { MenuButton } from "/static/shared/ui/menu-button.js";
import { go } from "/static/shared/ui/router.js";
import { toast } from "/static/shared/ui/toast.js";
import { publishingLines } from "../document/blocks.js";
import { documentOf } from "../document/document.js";
import { isFlat, sendIds } from "../journey-words.js";
import { campaignAt } from "../places.js";
import { funnelOf } from "../shape.js";
import { askToPublish } from "./campaign-store.js";
import { SendMeATest } from "./campaign-test.js";
import { makeChange, onPage, pause, publish, resume, stop } from "./campaign-writes.js";
import { askToResume } from "./resume.js";
import { askToStop } from "./stop.js";

const IN_USE = ["running", "paused"];

export function Actions({ campaign, provider }) {
  const isInUse = IN_USE.includes(campaign.state);
  const isSound = !Object.keys(campaign.problems ?? {}).length;
  const sends = sendIds(campaign.steps);
  const askAndPublish = async () => {
    if (await askToPublish(campaign.name, publishingLines(documentOf(campaign), provider))) publish(campaign);
  };
  return html`<a class="button" href="${campaignAt(campaign.id)}/edit"><${Icon} name="edit" size=${14} />Edit</a>
    ${sends.length > 0 && html`<${SendMeATest} subject=${() => ({ campaign_id: campaign.id })} sends=${sends} />`}
    ${campaign.state === "running" && html`<button type="button" class="button" onClick=${() => pause(campaign)}>
      <${Icon} name="pause" size=${13} />Pause</button>`}
    ${campaign.state === "paused" && html`<button type="button" class="button primary"
      onClick=${() => askAndResume(campaign)}><${Icon} name="play" size=${13} />Resume</button>`}
    ${!isInUse && isSound && !campaign.archived_at && html`<button type="button" class="button primary"
      onClick=${askAndPublish}>Publish…</button>`}
    <${MenuButton} label="More for this campaign" items=${menuOf(campaign, isInUse)} />`;
}

function menuOf(campaign, isInUse) {
  const archive = () => makeChange([campaign.id], { do: "archive" }, onPage(campaign.id));
  return [
    { name: "Duplicate", icon: "copy", run: () => duplicate(campaign) },
    ...(isInUse || campaign.archived_at ? [] : [{ name: "Archive", icon: "archive", run: archive }]),
    ...(isInUse ? [null, { name: "Stop…", icon: "stop", isDangerous: true, run: () => askAndStop(campaign) }] : []),
  ];
}

async function duplicate(campaign) {
  const results = await makeChange([campaign.id], { do: "clone" }, onPage(campaign.id));
  const copy = results?.[0].copy_id;
  if (copy) go(campaignAt(copy));
}

async function askAndResume(campaign) {
  try {
    const body = await askToResume(campaign);
    if (body) resume(campaign, body);
  } catch (error) {
    toast(error.message);
  }
}

async function askAndStop(campaign) {
  const queued = await askToStop({
    title: `Stop ${campaign.name}?`, yes: "Stop", waiting: funnelOf(campaign.funnel).queued,
    body: html`<p>${isFlat(campaign) ? "Events from now on are not answered."
      : "Nobody enters from now on, and everybody inside leaves."} You can publish it again.</p>`,
  });
  if (queued) stop(campaign, queued);
}
