// What stands on the canvas: steps, labels of branches, the start, the ends, and the pluses between them.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { stepWords } from "../../journey-words.js";
import { number } from "../../words.js";
import { figureOf } from "./figures.js";
import { kindOf } from "./kinds.js";
import { failureWords, figureWords } from "./step-words.js";

const at = ({ x, y, width, height }) =>
  ({ left: `${x - width / 2}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });

/**
 * One step. `mistakes` are those of it, `stop` what a walk says of it; `scene` is what all nodes share.
 */
export function StepNode({ item, isMarked, isOpen, mistakes, stop, scene: { figures, onOpen, onPeople } }) {
  const { step } = item;
  const kind = kindOf(step);
  const { text } = stepWords(step);
  const figure = figures && figureOf(figures, step.id);
  const failures = figure && failureWords(figure);
  return html`<div class="s-node${mistakes ? " s-wrong" : ""}${isMarked ? " s-on" : ""}${walkClass(stop)}"
    style=${at(item)}>
    <button type="button" class="s-face" data-key=${item.key} tabindex=${isMarked ? 0 : -1} aria-haspopup="dialog"
      aria-expanded=${String(isOpen)} onClick=${() => onOpen(item.key)}>
      <span class="s-kind-line"><${Icon} name=${kind.icon} size=${13} /><span class="unseen">${kind.name}:</span>
        <span class="s-id">${step.id}</span>
        ${failures && html`<span class="s-failed">${failures}</span>`}</span>
      <span class="s-text">${text}</span>
      ${stop && html`<${Stop} stop=${stop} />`}
      ${mistakes && html`<span class="s-mistake"><${Icon} name="warning" size=${13} label="Mistake" />
        <span class="s-text">${mistakes[0][1]}</span></span>`}</button>
    ${figure && html`<${FigureLine} ...${{ step, figure, figures, onPeople }} />`}</div>`;
}

const walkClass = (stop) => (!stop ? "" : stop.isTaken ? " s-taken" : " s-possible");

export const Stop = ({ stop: { moment, words, text, isTaken } }) => html`<span class="s-stop">
  <span class="s-when">${moment}${words && ` · ${words}`}${!isTaken && " · possible"}</span>
  ${text && html`<span class="s-said">${text}</span>`}</span>`;

function FigureLine({ step, figure, figures, onPeople }) {
  const share = figures.entered ? Math.min(1, figure.reached / figures.entered) : 0;
  return html`<div class="s-figures"><div class="s-counts">
      ${figureWords(step, figure).map((words) => html`<span key=${words}>${words}</span>`)}
      ${figure.waiting > 0 && html`<${Waiting} people=${figure.waiting} place=${`at “${step.id}”`}
        onPeople=${() => onPeople(step.id)} />`}</div>
    <div class="s-bar" aria-hidden="true"><i style=${{ width: `${100 * share}%` }} /></div></div>`;
}

/** The label of a branch, the start or an end: a place to insert at, and to walk over. */
export function Mark({ item, isMarked, scene: { isEditable, figures, onInsert, onPeople, startText } }) {
  const kind = `s-mark s-${item.kind}${isMarked ? " s-on" : ""}`;
  const text = item.kind === "start" ? startText : item.text;
  const act = isEditable && item.list !== undefined ? (event) => onInsert(item, event.currentTarget) : undefined;
  return html`<div class="s-place" style=${at(item)}>
    <button type="button" class=${kind} data-key=${item.key} tabindex=${isMarked ? 0 : -1} title=${text}
      aria-disabled=${act ? undefined : "true"} onClick=${act}>
      ${item.kind === "start" && html`<${Icon} name="play" size=${12} />`}
      <span class="cut">${text}</span></button>
    ${item.kind === "start" && figures?.pending > 0 && html`<${Waiting} people=${figures.pending}
      place="before the first step" onPeople=${() => onPeople("")} />`}</div>`;
}

const Waiting = ({ people, place, onPeople }) => html`<button type="button" class="s-people" tabindex="-1"
  onClick=${onPeople}>${number(people)} <span class="unseen">${people === 1 ? "person" : "people"} who </span>${""
  }${people === 1 ? "waits" : "wait"}<span class="unseen"> ${place}</span></button>`;

/** The plus on a line. Keys insert with "/", so that Tab does not lead over all of them. */
export const Plus = ({ edge, words, scene: { onInsert } }) => html`<button type="button" class="s-plus" tabindex="-1"
  style=${{ left: `${edge.plus.x}px`, top: `${edge.plus.y}px` }} aria-label=${words} title="Insert a step"
  onClick=${(event) => onInsert(edge, event.currentTarget)}><${Icon} name="plus" size=${12} /></button>`;
