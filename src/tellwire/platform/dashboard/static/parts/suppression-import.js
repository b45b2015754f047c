// Importing numbers to suppress: a file is tried first, part after part, and its refused rows are shown.
import { html, useRef, useState } from "/static/shared/ui/preact.js";
import { Dialog } from "/static/shared/ui/dialog.js";
import { Icon } from "/static/shared/ui/icons.js";
import { toast } from "/static/shared/ui/toast.js";
import { post } from "../api.js";
import { partsOf, sumOf } from "../file-parts.js";
import { count, number } from "../words.js";

const NOTHING = { name: "", parts: [], done: 0, report: null, error: null, isBusy: false };

/** A file as text: UTF-8, UTF-16 as spreadsheets save it, else what old spreadsheets write. */
async function textOf(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isWide) return new TextDecoder(bytes[0] === 0xff ? "utf-16le" : "utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function useImport() {
  const [state, setState] = useState(NOTHING);
  const run = async (name, parts, isDry) => {
    setState({ ...NOTHING, name, parts, isBusy: true });
    const reports = [];
    try {
      for (const { text, skipped } of parts) {
        const report = await post(`/suppressions/import${isDry ? "?dry_run=true" : ""}`,
          new Blob([text], { type: "text/csv" }));
        reports.push({ skipped, report });
        setState((old) => ({ ...old, done: reports.length }));
      }
      const report = sumOf(reports);
      setState((old) => ({ ...old, report, isBusy: false }));
      return report;
    } catch (error) {
      setState((old) => ({ ...old, error, isBusy: false })); // what was sent is suppressed: sending it again is safe
      return null;
    }
  };
  return {
    ...state,
    rehearse: async (file) => run(file.name, partsOf(await textOf(file)), true),
    carryOut: () => run(state.name, state.parts, false),
  };
}

export function ImportDialog({ onClose }) {
  const work = useImport();
  const carryOut = async () => {
    const report = await work.carryOut();
    if (!report) return;
    toast(`${count(report.suppressed, "number")} suppressed, ${number(report.refused)} rows refused.`);
    onClose(true);
  };
  const mayImport = work.report && !work.isBusy && work.report.suppressed + work.report.already > 0;
  return html`<${Dialog} title="Import numbers to suppress" isForm=${true} onClose=${() => onClose(work.done > 0)}>
    <div class="stack"><p>A CSV with the columns <code>phone</code>, <code>reason</code> and <code>until</code>, or a
      number a line. Nothing changes until you have seen what would.</p>
    <${Chooser} work=${work} />
    <div aria-live="polite">${work.isBusy && html`<progress class="k-wide" max=${work.parts.length} value=${work.done}
      aria-label="Parts of the file that are done" />`}
      ${work.error && html`<p class="banner bad" role="alert">${work.error.message}</p>`}
      ${work.report && html`<${Report} report=${work.report} />`}</div></div>
    <div class="actions"><button type="button" class="button" onClick=${() => onClose(false)}>Cancel</button>
      <button type="button" class="button primary" aria-disabled=${mayImport ? undefined : "true"}
        onClick=${() => mayImport && carryOut()}>Import</button></div><//>`;
}

function Chooser({ work }) {
  const input = useRef(null);
  const choose = (event) => {
    const file = event.currentTarget.files[0];
    if (file) work.rehearse(file);
    event.currentTarget.value = ""; // the same file, mended, can be chosen again
  };
  return html`<div class="row"><input class="unseen" type="file" accept=".csv,.txt,text/csv,text/plain" tabindex="-1"
      aria-label="File of numbers" ref=${input} onChange=${choose} />
    <button type="button" class="button" aria-disabled=${work.isBusy ? "true" : undefined}
      onClick=${() => work.isBusy || input.current.click()}><${Icon} name="file" size=${14} />
      ${work.isBusy ? "Looking…" : "Choose a file…"}</button><span class="muted small break">${work.name}</span></div>`;
}

const Report = ({ report }) => html`<p>${count(report.suppressed, "number")} would be suppressed,
    ${" "}${number(report.already)} are already, ${number(report.repeated)} rows repeat a number,
    ${" "}${number(report.refused)} cannot be read.</p>
  ${report.mistakes.length > 0 && html`<ul class="bullets small refused-rows">
    ${report.mistakes.map(({ line, why }) => html`<li key=${line}>Line ${line}: ${why}</li>`)}</ul>`}`;
