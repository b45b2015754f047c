// The panel of one step: its form where it is written, else all that is known of it.
import { html, useLayoutEffect, useRef } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { MenuButton } from "/static/shared/ui/menu-button.js";
import { Panel } from "/static/shared/ui/panel.js";
import { stepWords } from "../../journey-words.js";
import { count, number } from "../../words.js";
import { Trace } from "../trace.js";
import { figureOf } from "./figures.js";
import { kindOf } from "./kinds.js";

const FIELDS = "input, select, textarea";

/** `isNew`: the step was just made, and its first field gets the focus. */
export function Inspector({ step, path, isNew, scene, renderStep, onStep, onClose }) {
  const { isEditable, mistakes, menuOf, stops } = scene;
  const kind = kindOf(step);
  const box = useRef(null);
  useLayoutEffect(() => {
    if (isNew) box.current?.querySelector(FIELDS)?.focus();
  }, [path]);
  return html`<${Panel} name=${path} title=${kind.name} mark=${html`<span class="badge mono">${step.id}</span>`}
    actions=${isEditable && html`<${MenuButton} label=${`More for “${step.id}”`} items=${menuOf(path)} />`}
    onClose=${onClose}><div class="stack" ref=${box}>
      ${isEditable && renderStep ? renderStep(step, path, onStep) : html`<${Known} ...${{ step, scene }} />`}
      ${stops?.get(path)?.stop && html`<${Walked} ...${stops.get(path)} />`}
      ${!(isEditable && renderStep) && mistakes.get(path)?.map(([field, why]) => html`<p class="wrong" key=${field}>
        <${Icon} name="warning" size=${13} /><span>${why}</span></p>`)}</div><//>`;
}

function Known({ step, scene: { figures, onPeople } }) {
  const { text, branches } = stepWords(step);
  const figure = figures && figureOf(figures, step.id);
  return html`<p class="break">${text}</p>
    ${step.send && html`<p class="bubble">${step.send.text}</p>`}
    ${branches.length > 0 && html`<ul class="bullets">${branches.map(({ label, steps }, at) => html`<li key=${at}>
      ${label || "Each time"}: ${count(steps.length, "step", "steps")}</li>`)}</ul>`}
    ${figure && html`<dl class="facts">${factsOf(step, figure).map(([name, value]) => html`
      <dt key=${name}>${name}</dt><dd class="number">${value}</dd>`)}</dl>`}
    ${figure?.waiting > 0 && html`<div><button type="button" class="button" onClick=${() => onPeople(step.id)}>
      ${figure.waiting === 1 ? "See who waits" : `See the ${number(figure.waiting)} who wait`}</button></div>`}`;
}

/** What a walk says of the step, with every gate that was asked. */
const Walked = ({ moment, words, isTaken, stop: { text, reason, gates } }) => html`<section class="stack close"
  aria-label="In this walk"><h3>In this walk</h3>
  <p><span class="strong">${moment}</span>${words && ` · ${words}`}${!isTaken && " · possible"}</p>
  ${reason && html`<p class="muted">${reason}</p>`}
  ${text && html`<p class="bubble">${text}</p>`}
  ${gates.length > 0 && html`<details><summary>Every gate that was asked</summary>
    <${Trace} trace=${gates} /></details>`}</section>`;

const part = (some, all) => (all > 0 ? `${number(some)} (${Math.round((1000 * some) / all) / 10} %)` : number(some));

function factsOf(step, { reached, waiting, left, skipped, messages, delivered, failed }) {
  const facts = [["Came", number(reached)], ["Wait here", number(waiting)]];
  if (step.send) {
    facts.push(["Messages", number(messages)], ["Delivered", part(delivered, messages)],
      ["Failed", part(failed, messages)], ["Skipped", number(skipped)]);
  }
  return left > 0 ? [...facts, ["Left here", number(left)]] : facts;
}
