// The same tree as a list: for keyboards, screen readers and phones. It is changed by the same operations.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { MenuButton } from "/static/shared/ui/menu-button.js";
import { stepWords } from "../../journey-words.js";
import { count } from "../../words.js";
import { figureOf } from "./figures.js";
import { kindOf } from "./kinds.js";
import { Stop } from "./node.js";
import { failureWords, figureWords } from "./step-words.js";
import { listsOf, ROOT } from "./tree.js";

export const Outline = ({ steps, scene }) => html`<div class="s-outline" onKeyDown=${scene.onKeyDown}>
  ${scene.figures?.pending > 0 && html`<p class="muted">Before the first step:
    ${" "}<${People} step="" people=${scene.figures.pending} onPeople=${scene.onPeople} /></p>`}
  <${List} ...${{ steps, scene }} list=${ROOT} label="Steps" /></div>`;

const List = ({ steps, list, label, scene }) => html`
  ${steps.length > 0 && html`<ol class="outline" aria-label=${label || undefined}>${steps.map((step, at) => html`
    <${Line} key=${step.id} path=${`${list}.${at}`} ...${{ step, scene }} />`)}</ol>`}
  ${scene.isEditable && html`<button type="button" class="button quiet little s-add"
    data-key=${list === ROOT ? "end" : `${list} label`} aria-label=${`Add a step: ${label}`}
    onClick=${(event) => scene.onInsert({ list, at: steps.length }, event.currentTarget)}>
    <${Icon} name="plus" size=${12} />Add a step</button>`}`;

function Line({ step, path, scene }) {
  const { isEditable, selected, open, mistakes, stops, onOpen, menuOf } = scene;
  const { id, text, branches } = stepWords(step);
  const lists = listsOf(step, path);
  const stop = stops?.get(path);
  return html`<li>
    <div class="s-row${selected === path ? " s-on" : ""}">
      <button type="button" class="s-line-text" data-key=${path} aria-haspopup="dialog" title="Step “${id}”"
        aria-expanded=${String(open === path)} onClick=${() => onOpen(path)}>
        <${Icon} name=${kindOf(step).icon} size=${13} /><span class="break">${text}</span></button>
      <${Numbers} ...${{ step, scene }} />
      ${isEditable && html`<${MenuButton} label=${`More for “${id}”`} items=${menuOf(path)} />`}</div>
    ${stop && html`<p class="small${stop.isTaken ? "" : " muted"}"><${Stop} stop=${stop} /></p>`}
    ${mistakes.get(path)?.map(([field, why]) => html`<p class="wrong" key=${field}><${Icon} name="warning"
      size=${13} /><span>${why}</span></p>`)}
    ${branches.map(({ label, steps }, at) => html`<div class="branch" key=${lists[at].path}>
      ${label && html`<p class="muted break">${label}</p>`}
      ${!lists[at].isFixed && html`<${List} ...${{ steps, label, scene }} list=${lists[at].path} />`}</div>`)}</li>`;
}

function Numbers({ step, scene: { figures, onPeople } }) {
  if (!figures) return null;
  const figure = figureOf(figures, step.id);
  return html`<span class="s-numbers">
    ${figure.reached > 0 && figureWords(step, figure).map((words) => html`
      <span key=${words} class="small muted">${words}</span>`)}
    ${failureWords(figure) && html`<span class="s-failed">${failureWords(figure)}</span>`}
    ${figure.waiting > 0 && html`<${People} step=${step.id} people=${figure.waiting} onPeople=${onPeople} />`}</span>`;
}

const People = ({ step, people, onPeople }) => html`<button type="button" class="button little here"
  aria-label=${`${count(people, "person", "people")} at ${step ? `“${step}”` : "the beginning"}`}
  onClick=${() => onPeople(step)}>${count(people, "person", "people")}</button>`;
