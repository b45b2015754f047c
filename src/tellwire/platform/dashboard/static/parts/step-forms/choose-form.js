// A step that chooses: branches with a rule each, of which the first that is true is taken, and one for all others.
import { html } from "/static/shared/ui/preact.js";
import { Toggle } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { blankBranch } from "../../document/steps.js";
import { inserted, moved, put } from "../../document/tree.js";
import { RuleEditor } from "../editor/rule-editor.js";

export function ChooseForm({ branches, onBranches, path, known, errors }) {
  const rules = branches.filter((one) => "if" in one).length;
  const other = branches.findIndex((one) => one.else);
  const turn = (isOn) =>
    onBranches(isOn ? [...branches, { else: true, steps: [] }] : put(branches, String(other), undefined));
  const add = () => onBranches(inserted(branches, rules, blankBranch()));
  return html`<div class="stack close">
    ${branches.map((branch, at) => "if" in branch && html`<${Branch} key=${at} number=${at + 1} last=${rules}
      path="${path}.${at}" ...${{ branch, known, errors }}
      onBranch=${(next) => onBranches(put(branches, String(at), next))}
      onMove=${(step) => onBranches(moved(branches, at, at + step))} />`)}
    <div><button type="button" class="button little" onClick=${add}><${Icon} name="plus" size=${13} />Add a branch
      </button></div>
    <${Toggle} label="A branch for all others" hint="Without it they go on with the next step." checked=${other >= 0}
      onValue=${turn} /></div>`;
}

const Branch = ({ branch, number, last, path, known, errors, onBranch, onMove }) => html`<fieldset
  class="stack close boxed"><legend class="unseen">Branch ${number}</legend>
  <div class="row"><span class="strong">Branch ${number}: if</span><span class="row tight push">
    ${number > 1 && html`<button type="button" class="button quiet square little" aria-label="Branch ${number} earlier"
      onClick=${() => onMove(-1)}><${Icon} name="lift" size=${14} /></button>`}
    ${number < last && html`<button type="button" class="button quiet square little" aria-label="Branch ${number} later"
      onClick=${() => onMove(1)}><${Icon} name="down" size=${14} /></button>`}
    <button type="button" class="button quiet square little" aria-label="Remove branch ${number}"
      onClick=${() => onBranch(undefined)}><${Icon} name="cross" size=${14} /></button></span></div>
  <${RuleEditor} rule=${branch.if} of="branch ${number}, rule" path="${path}.if" ...${{ known, errors }}
    empty="A branch needs a rule." onRule=${(rule) => onBranch({ ...branch, if: rule ?? { all: [] } })} /></fieldset>`;
