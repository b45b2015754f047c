// What: the steps; of a campaign that only sends one message, that message alone.
import { html, useRef } from "/static/shared/ui/preact.js";
import { hasOneSend, isShownStep } from "../../document/steps.js";
import { inserted, put } from "../../document/tree.js";
import { SendForm } from "../step-forms/send-form.js";
import { StepForm } from "../step-forms/step-form.js";
import { newStep } from "../steps/kinds.js";
import { StepsEditor } from "../steps/steps-editor.js";
import { idsIn } from "../steps/tree.js";
import { AddStep } from "./add-step.js";
import { RawPart } from "./raw-part.js";

export function WhatBlock({ document, onDocument, known, errors, onStep }) {
  const { steps } = document;
  const added = useRef(""); // the step that came beside the only one
  const set = (next) => onDocument(put(document, "steps", next));
  if (!Array.isArray(steps)) {
    return html`<${RawPart} label="Steps" value=${steps} onValue=${set} path="steps" error=${errors.steps} />`;
  }
  if (hasOneSend(document) && isShownStep(steps[0])) {
    return html`<${OneSend} ...${{ steps, set, known, errors, added }} />`;
  }
  const draw = (step, path, onNext) => html`<${StepForm} ...${{ step, path, known, errors }} onStep=${onNext}
    onFocus=${onStep} />`;
  return html`<${StepsEditor} steps=${steps} onSteps=${set} mistakes=${errors} renderStep=${draw}
    opened=${added.current} />`;
}

function OneSend({ steps, set, known, errors, added }) {
  const [step] = steps;
  const add = (at) => (kind) => {
    added.current = `steps.${at}`;
    set(inserted(steps, at, newStep(kind, idsIn(steps))));
  };
  return html`<div class="stack">
    <${SendForm} send=${step.send} onSend=${(send) => set([{ ...step, send }])} path="steps.0.send" isAlone=${true}
      ...${{ known, errors }} />
    <div class="row"><${AddStep} label="Add a step before" onKind=${add(0)} />
      <${AddStep} label="Add a step after" onKind=${add(1)} /></div></div>`;
}
