// What stands beside the editor: the phone, a replay of the last days, and what is to be mended.
import { html, useState } from "/static/shared/ui/preact.js";
import { Tabs } from "/static/shared/ui/tabs.js";
import { payloadOf } from "../../document/document.js";
import { sendsOf } from "../../document/steps.js";
import { SendMeATest } from "../campaign-test.js";
import { ChecksTab } from "./checks-tab.js";
import { PhoneTab } from "./phone-tab.js";
import { ReplayTab } from "./replay-tab.js";

/** What a test is of: the campaign as it stands here, saved or not. */
const subjectOf = (id, document) => ({ ...(id ? { campaign_id: Number(id) } : {}), campaign: payloadOf(document) });

export function Beside({ id, document, onDocument, known, check, sample, step, setStep, onPath, lineOf }) {
  const [tab, setTab] = useState("phone");
  const found = Object.keys(check.problems).length + Object.keys(check.warnings).length;
  const sends = sendsOf(document.steps).map(([, one]) => one.id).filter(Boolean);
  const tabs = [{ key: "phone", name: "Phone" }, { key: "replay", name: "Replay" },
    { key: "checks", name: "Checks", count: check.isThere ? found : null }];
  return html`<section class="card body" aria-label="What would happen">
    <h2 class="unseen">What would happen</h2>
    <${Tabs} label="Beside the campaign" tabs=${tabs} value=${tab} onValue=${setTab}>
      ${tab === "phone" && html`<div class="stack">
        <${PhoneTab} ...${{ document, onDocument, known, sample }} path=${step} onPath=${setStep} />
        <div><${SendMeATest} subject=${() => subjectOf(id, document)} values=${known.tried} sends=${sends} /></div>
      </div>`}
      <div hidden=${tab !== "replay"}><${ReplayTab} document=${document} /></div>
      ${tab === "checks" && html`<${ChecksTab} ...${{ document, check, known, onPath, lineOf }} />`}
    <//></section>`;
}
