// Settings > Import and export: campaigns and providers as one YAML file, and what a file would do before it does it.
import { html, useRef, useState } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Icon } from "/static/shared/ui/icons.js";
import { toast } from "/static/shared/ui/toast.js";
import { post } from "../api.js";
import { Card } from "../parts/card.js";
import { Differences, Mistakes, Unchanged } from "../parts/differences.js";
import { Page } from "../shell.js";
import { count } from "../words.js";

const MOST_BYTES = 2 * 1024 * 1024; // more than the server takes in characters, whatever the alphabet
const LEAD = "All campaigns and providers as one YAML file: for version control, for a second installation, "
  + "for a copy before a large change.";
const TOO_LONG = { message: "The file is larger than 2 MiB: import it in pieces." };

export default function Transfer() {
  const work = useImport();
  return html`<${Page} title="Import and export" crumbs=${[["Settings"], ["Import and export"]]}
    lead=${LEAD}>
    <div class="halves">
      <${Card} title="Export">
        <p>Every campaign, and every provider that is not archived. Passwords and keys are written as <code>***</code>,
          so the file can be kept beside your code.</p>
        <div><a class="button primary" href="/api/export" download="tellwire.yaml">
          <${Icon} name="down" size=${14} />Download</a></div><//>
      <${Card} title="Import">
        <p>Providers are told apart by nickname, campaigns by name. What the file does not name stays; a secret
          of <code>***</code> keeps what is stored.</p>
        <${Chooser} work=${work} /><//>
    </div>
    <div class="stack" aria-live="polite" aria-busy=${String(work.isBusy)}>
      ${work.error && html`<${Mistakes} error=${work.error} text=${work.text} />`}
      ${work.told && html`<${Plan} work=${work} />`}</div><//>`;
}

function Chooser({ work }) {
  const input = useRef(null);
  const choose = (event) => {
    const file = event.currentTarget.files[0];
    if (file) work.rehearse(file);
    event.currentTarget.value = ""; // the same file, mended, can be chosen again
  };
  return html`<div class="row">
    <input class="unseen" type="file" accept=".yaml,.yml,application/yaml,text/yaml" aria-label="YAML file"
      tabindex="-1" ref=${input} onChange=${choose} />
    <button type="button" class="button" aria-disabled=${work.isBusy ? "true" : undefined}
      onClick=${() => work.isBusy || input.current.click()}>
      <${Icon} name="file" size=${14} />${work.isBusy ? "Looking…" : "Choose a file…"}</button>
    <span class="muted small break">${work.name || "Nothing changes until you have seen what would."}</span></div>`;
}

/** The file that was chosen, what it would do, and doing it. An answer about a file that was replaced is dropped. */
function useImport() {
  const [state, setState] = useState({ name: "", text: "", told: null, error: null, isBusy: false });
  const turn = useRef(0);
  const run = (name, text, isDry) => {
    const mine = ++turn.current;
    const show = (change) => {
      if (mine === turn.current) setState({ name, text, told: null, error: null, isBusy: false, ...change });
    };
    setState((old) => ({ ...old, name, text, error: null, isBusy: true, told: isDry ? null : old.told }));
    const file = new Blob([text], { type: "application/yaml" });
    return post(`/import${isDry ? "?dry_run=true" : ""}`, file).then(
      (told) => { show({ told }); return told; },
      (error) => show({ error }),
    );
  };
  return {
    ...state,
    rehearse: async (file) => {
      if (file.size > MOST_BYTES) {
        return setState({ name: file.name, text: "", told: null, error: TOO_LONG, isBusy: false });
      }
      return run(file.name, await file.text(), true);
    },
    carryOut: () => run(state.name, state.text, false),
  };
}

function Plan({ work }) {
  const { changes, unchanged, dry_run: isPlan } = work.told;
  const of = (what) => changes.filter((one) => one.what === what).length;
  const moved = changes.length;
  const told = `${of("created")} created, ${of("changed")} changed, ${unchanged.length} left as they are`;
  const carryOut = async () => {
    if (work.isBusy) return;
    const body = html`<p>${isPlan && told}. It is all or nothing, and holds for events from now on.</p>`;
    if (!(await ask({ title: `Import ${work.name}?`, body, yes: "Import" }))) return;
    const done = await work.carryOut();
    if (done) toast(`${count(moved, "thing")} imported.`);
  };
  return html`<section class="card" aria-label="What the import does">
    <div class="head"><h2>${isPlan ? "What would happen" : "What happened"}</h2><span class="muted small">${told}</span>
      ${isPlan && moved > 0 && html`<button type="button" class="button primary push"
        aria-disabled=${work.isBusy ? "true" : undefined} onClick=${carryOut}>
        ${work.isBusy ? "Importing…" : "Import…"}</button>`}</div>
    ${moved > 0 && html`<div class="body"><${Differences} changes=${changes} isPlan=${isPlan} /></div>`}
    ${!moved && html`<p class="empty">${unchanged.length ? "Everything in the file is here already, just so."
      : "The file names no campaign and no provider."}</p>`}
    ${unchanged.length > 0 && html`<${Unchanged} things=${unchanged} />`}
  </section>`;
}
