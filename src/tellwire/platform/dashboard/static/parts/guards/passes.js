// The gates that messages may pass, because a person must get them: of one message, or of all of a campaign.
import { html } from "/static/shared/ui/preact.js";
import { Toggle } from "/static/shared/ui/fields.js";
import { passesOf, passing, withPass } from "../../document/blocks.js";
import { sendsOf } from "../../document/steps.js";
import { put } from "../../document/tree.js";

const GATES = [
  ["consent", "Respect consent", "People who opted out of SMS (MSG-sms is false) get nothing.",
    "People who opted out of SMS get this too: only for what they must get, such as a code or a receipt. "
      + "Suppressed numbers never do."],
  ["caps", "Keep to limits", "Caps and pauses hold, the account's too.", "It is sent however much they got before."],
  ["quiet", "Keep to quiet hours", "It waits for the end of quiet hours.", "It is sent in quiet hours too."],
];

/** The switches of one message. */
export const SendPasses = ({ send, onSend }) => GATES.map(([gate, label, kept, passed]) => {
  const isPassing = passesOf(send).includes(gate);
  return html`<${Toggle} key=${gate} label=${label} hint=${isPassing ? passed : kept} checked=${!isPassing}
    onValue=${(isKept) => onSend(withPass(send, gate, !isKept))} />`;
});

/** The switches of a campaign: each is for all its messages. */
export const Passes = ({ document, onDocument }) => GATES.map(([gate, label, kept, passed]) => {
  const { all, pass } = passing(document, gate);
  const turn = (isKept) => onDocument(sendsOf(document.steps).reduce((whole, [path, step]) =>
    put(whole, `${path}.send`, withPass(step.send, gate, !isKept)), document));
  const hint = !pass ? kept : pass === all ? passed : `${pass} of ${all} messages pass it.`;
  return all > 0 && html`<${Toggle} key=${gate} label=${label} hint=${hint} checked=${!pass} onValue=${turn} />`;
});
