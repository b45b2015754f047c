// The one switch that pauses all sending, and lets it go on.
import { html, useState } from "/static/shared/ui/preact.js";
import { Badge } from "/static/shared/ui/badge.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Choice } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { toast } from "/static/shared/ui/toast.js";
import { get, put } from "../api.js";
import { count } from "../words.js";
import { Card } from "./card.js";

const PATH = "/account-settings";

/** `shown` hears what the server answers; `isBlocked`: something is typed that is not saved. */
export function SendingSwitch({ data, shown, isBlocked }) {
  const [isBusy, setBusy] = useState(false);
  const turn = async (isPaused, queued, done) => {
    if (isBusy) return;
    setBusy(true);
    try {
      const { account, audiences, version } = await get(PATH); // of this moment: only the switch is turned
      shown(await put(`${PATH}?queued=${queued}`, { account, audiences, version, is_paused: isPaused }));
      toast(done);
    } catch (error) {
      toast(error.message);
    }
    setBusy(false);
  };
  const pause = async () => {
    const queued = await askToPause(data.queued);
    if (queued) turn(true, queued, "All sending is paused.");
  };
  const goOn = () => turn(false, "keep", "Sending goes on.");
  const disabled = isBusy || isBlocked ? "true" : undefined;
  const act = (work) => () => (isBlocked ? toast("Save or undo your changes first.") : work());
  return html`<${Card} title="Sending"><div class="row">
    ${data.is_paused
      ? html`<p><${Badge} tone="warn" icon="pause">Paused<//>${" "}Nothing is
          handed over to providers. Campaigns go on deciding:
          ${" "}${count(data.queued, "message waits", "messages wait")}.</p>
        <button type="button" class="button primary push" aria-disabled=${disabled} onClick=${act(goOn)}>
          <${Icon} name="play" size=${13} />Let sending go on</button>`
      : html`<p><${Badge} tone="good" icon="play">Sending<//>${" "}Messages are
          handed over to providers as they come.</p>
        <button type="button" class="button danger push" aria-disabled=${disabled} onClick=${act(pause)}>
          <${Icon} name="pause" size=${13} />Pause all sending…</button>`}</div><//>`;
}

const OPTIONS = [["keep", "Keep them"], ["drop", "Drop them"]];
const HINTS = {
  keep: "They go out when sending goes on, to all who may still be written to.",
  drop: "Nobody gets them: each ends as rejected when sending goes on. This cannot be undone.",
};

/** Asks; resolves to what becomes of the messages that wait, "keep" or "drop", or to null for a no. */
async function askToPause(waiting) {
  let queued = "keep";
  const isYes = await ask({
    title: "Pause all sending?", yes: "Pause all sending", isDangerous: true,
    body: html`<p>Nothing is handed over to any provider until you let it go on, also of campaigns that are necessary.
      Campaigns go on deciding, and what they make waits.</p>
      <${Queue} waiting=${waiting} onValue=${(choice) => { queued = choice; }} />`,
  });
  return isYes ? queued : null;
}

function Queue({ waiting, onValue }) {
  const [queued, setQueued] = useState("keep");
  const choose = (choice) => { setQueued(choice); onValue(choice); };
  return html`<${Choice} label=${count(waiting, "message waits now.", "messages wait now.")} hint=${HINTS[queued]}
    options=${OPTIONS} value=${queued} onValue=${choose} />`;
}
