// The steps of a campaign as a list, those of branches as lists within: add, remove, move, and open one to edit it.
import { html, useLayoutEffect, useRef, useState } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { blankStep, branchesOf, idsOf } from "../../document/steps.js";
import { inserted, moved, put } from "../../document/tree.js";
import { stepWords } from "../../journey-words.js";
import { AddStep } from "../editor/add-step.js";

/**
 * `steps` is the language's list, `onSteps` gets the next one; `mistakes` are sentences by path
 * ("steps.0.send.text"); `renderStep(step, path, onStep)` draws the form of the step that is open, at first `opened`.
 */
export function StepsEditor({ steps, onSteps, mistakes, renderStep, opened = "" }) {
  const [open, setOpen] = useState(opened);
  const box = useRef(null);
  const wanted = useRef(opened); // the step that gets the focus once it is drawn
  const seen = useRef({});
  const wrong = Object.keys(mistakes).find((path) => path.startsWith("steps.") && !(path in seen.current));
  seen.current = mistakes;
  if (wrong && stepIn(wrong) !== open) setOpen(stepIn(wrong)); // somebody asked what is wrong: the first stands open
  useLayoutEffect(() => {
    if (!wanted.current) return;
    box.current.querySelector(`[data-step="${wanted.current}"] > .step-head button`)?.focus();
    wanted.current = "";
  });
  const show = (path) => { wanted.current = path; setOpen(path); };
  const ids = idsOf(steps);
  const rest = { mistakes, renderStep, open, setOpen, show, ids };
  return html`<div ref=${box}>
    <${List} path="steps" steps=${steps} onSteps=${onSteps} label="Steps" ...${rest} /></div>`;
}

/** The innermost step that a path is in. */
const stepIn = (path) => /^(.*\bsteps\.\d+)(?:\.|$)/.exec(path)?.[1] ?? "";

function List({ path, steps, onSteps, label, ...rest }) {
  const add = (at) => (kind) => {
    onSteps(inserted(steps, at, blankStep(kind, rest.ids)));
    rest.show(`${path}.${at}`);
  };
  return html`<ol class="steps" aria-label=${label}>
    ${steps.map((step, at) => html`<${Step} key=${at} path="${path}.${at}" step=${step} at=${at}
      last=${steps.length - 1} ...${rest} onStep=${(next) => onSteps(put(steps, String(at), next))} onInsert=${add(at)}
      onMove=${(to) => { onSteps(moved(steps, at, to)); rest.show(`${path}.${to}`); }} />`)}
    <li class="step-add"><${AddStep} label=${`Add a step${steps.length ? " after" : ""}`} onKind=${add(steps.length)} />
    </li></ol>`;
}

function Step({ step, path, at, last, onStep, onMove, onInsert, ...rest }) {
  const { open, setOpen, show, mistakes, renderStep } = rest;
  const isOpen = open === path;
  const isWrong = Object.keys(mistakes).some((place) => place === path || place.startsWith(`${path}.`));
  const words = stepWords(step);
  const drop = () => { onStep(undefined); setOpen(""); };
  return html`<li class="step ${isOpen ? "is-open" : ""}" data-step=${path}>
    <div class="step-head">
      <button type="button" class="step-name" aria-expanded=${String(isOpen)}
        onClick=${() => (isOpen ? setOpen("") : show(path))}><${Icon} name=${isOpen ? "down" : "chevron"} size=${12} />
        <span class="break">${words.text}</span></button>
      ${isWrong && html`<span class="badge bad"><${Icon} name="warning" size=${12} />wrong</span>`}
      <span class="row tight push">
        <${AddStep} label="Add a step before “${step?.id}”" isIcon=${true} onKind=${onInsert} />
        ${at > 0 && html`<button type="button" class="button quiet square little" aria-label="Move “${step?.id}” up"
          onClick=${() => onMove(at - 1)}><${Icon} name="lift" size=${14} /></button>`}
        ${at < last && html`<button type="button" class="button quiet square little"
          aria-label="Move “${step?.id}” down" onClick=${() => onMove(at + 1)}>
          <${Icon} name="down" size=${14} /></button>`}
        <button type="button" class="button quiet square little" aria-label="Remove “${step?.id}”" onClick=${drop}>
          <${Icon} name="cross" size=${14} /></button></span></div>
    ${isOpen && html`<div class="step-form">${renderStep(step, path, onStep)}</div>`}
    ${branchesOf(step ?? {}).map(([below, list]) => html`<${Branch} key=${below}
      ...${{ step, path, below, list, onStep }} label=${branchLabel(below, words.branches)} ...${rest} />`)}</li>`;
}

/** What stands above a branch: shares of a split may be alike, so they are numbered. */
function branchLabel(below, branches) {
  const at = Number(/\d+/.exec(below)?.[0] ?? 0);
  const label = branches[at]?.label || "Repeated";
  return below.startsWith("split") ? `Branch ${at + 1}: ${label}` : label;
}

const Branch = ({ step, path, below, list, label, onStep, ...rest }) => html`<div class="step-branch">
  <p class="small muted break">${label}</p>
  <${List} path="${path}.${below}" steps=${list} label="Steps of: ${label}"
    onSteps=${(next) => onStep(put(step, below, next))} ...${rest} /></div>`;
