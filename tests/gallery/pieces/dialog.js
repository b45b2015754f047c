import { ask } from "/static/shared/ui/dialog.js";
import { html, useState } from "/static/shared/ui/preact.js";
import { toast } from "/static/shared/ui/toast.js";
import { State } from "../state.js";

function Asking() {
  const [answer, setAnswer] = useState("nothing yet");
  const erase = async () => setAnswer((await ask({ title: "Erase Ann Aardvark?", yes: "Erase", isDangerous: true,
    body: html`<p>Her 312 events and 14 messages are erased. This cannot be undone.</p>` })) ? "yes" : "no");
  return html`<div class="g-line"><button type="button" class="button" onClick=${erase}>Erase…</button>
    <button type="button" class="button" onClick=${() => toast("2 campaigns are paused.",
      { label: "Undo", run: () => setAnswer("undone") })}>Pause 2</button><output>Answer: ${answer}</output></div>`;
}

export default () => html`<${State} name="What cannot be undone is asked about; the rest has Undo"><${Asking} /><//>`;
