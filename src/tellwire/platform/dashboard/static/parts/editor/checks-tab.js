// What is to be mended before it can be published, what looks wrong, and what each message costs: each leads to its
// place.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Failure } from "/static/shared/ui/states.js";
import { placeIn } from "../../document/blocks.js";
import { sendsOf } from "../../document/steps.js";
import { count, encodingName } from "../../words.js";
import { place } from "../errors.js";
import { usePreview } from "../preview.js";

const SHOWN = 20; // messages whose parts are counted

/** `onPath` leads to a place; `lineOf(path)` is its line where the campaign is written as YAML. */
export function ChecksTab({ document, check, known, onPath, lineOf }) {
  const { problems, warnings, error, isThere } = check;
  const sends = sendsOf(document.steps);
  const isSound = isThere && !Object.keys(problems).length;
  return html`<div class="stack" aria-live="polite">
    ${error && html`<${Failure} error=${error} />`}
    ${isSound && html`<p class="banner good"><${Icon} name="check" />
      <span>It can be published as it stands.</span></p>`}
    <${Found} title="To mend" icon="warning" kind="bad" found=${problems} ...${{ document, onPath, lineOf }} />
    <${Found} title="To look at" icon="info" kind="warn" found=${warnings} ...${{ document, onPath, lineOf }} />
    ${sends.length > 0 && html`<section class="stack close"><h3>Parts of each message</h3><ul class="costs">
      ${sends.slice(0, SHOWN).map(([path, step]) => html`<${Cost} key=${path}
        ...${{ path, step, known, onPath }} />`)}</ul>
      ${sends.length > SHOWN && html`<p class="hint">The first ${SHOWN} of ${sends.length}.</p>`}</section>`}</div>`;
}

const lineWords = (line) => (line ? `Line ${line}, ` : "");

function Found({ title, icon, kind, found, document, onPath, lineOf }) {
  const rows = Object.entries(found);
  return rows.length > 0 && html`<section class="stack close"><h3>${title}</h3><ul class="found">
    ${rows.map(([path, why]) => html`<li key=${path}><button type="button" class="found-place ${kind}"
      onClick=${() => onPath(path)}><${Icon} name=${icon} size=${14} />
      <span class="break"><b>${lineWords(lineOf(path))}${placeIn(document, path, place)}</b>: ${why}</span></button>
      </li>`)}</ul></section>`;
}

function Cost({ path, step, known, onPath }) {
  const { data } = usePreview(step.send ?? {}, known.event, known.tried);
  const isUcs2 = data?.encoding === "UCS2";
  return html`<li><button type="button" class="found-place" onClick=${() => onPath(`${path}.send.text`)}>
    <span class="cut grow">${step.id ?? "Message"}</span>
    ${data && !data.error && html`<span class="badge ${isUcs2 ? "warn" : ""}">${encodingName(data.encoding)}</span>
      <span class="number nowrap">${count(data.parts.length, "part")}</span>`}
    ${data?.forced_by && html`<span class="mono">${data.forced_by.char}</span>`}</button></li>`;
}
