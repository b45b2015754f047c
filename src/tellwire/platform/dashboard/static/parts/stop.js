// Stopping something whose messages may still wait: are they dropped, or do they go out?
import { html, useState } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Choice } from "/static/shared/ui/fields.js";
import { count } from "../words.js";

/** Asks; resolves to what becomes of the messages that wait, "drop" or "let_go", or to null for a no. */
export async function askToStop({ body, waiting, ...question }) {
  let queued = "drop";
  const note = (choice) => { queued = choice; };
  const whole = html`${body}<${Queue} waiting=${waiting} onValue=${note} />`;
  const isYes = await ask({ ...question, isDangerous: true, body: whole });
  return isYes ? queued : null;
}

const OPTIONS = [["drop", "Drop them"], ["let_go", "Send them"]];
const HINTS = {
  drop: "Nobody gets them: each ends as rejected and says why.",
  let_go: "They go out as their turn comes, to all who may still be written to.",
};

function Queue({ waiting, onValue }) {
  const [queued, setQueued] = useState("drop");
  const choose = (choice) => { setQueued(choice); onValue(choice); };
  if (!waiting) return html`<p>No message waits.</p>`;
  const label = count(waiting, "message waits.", "messages wait.");
  return html`<${Choice} label=${label} hint=${HINTS[queued]} options=${OPTIONS} value=${queued} onValue=${choose} />`;
}
