// Guard: what keeps a campaign from writing too much, to whom it must not, and by what it is measured.
import { html } from "/static/shared/ui/preact.js";
import { otherFields } from "../../document/document.js";
import { put } from "../../document/tree.js";
import { blankCampaign, valueAt } from "../../vocabulary.js";
import { sentence } from "../../words.js";
import { GoalGuard, Holdout } from "../guards/goal.js";
import { Labels } from "../guards/labels.js";
import { Limits } from "../guards/limits.js";
import { Passes } from "../guards/passes.js";
import { Policy, Priority } from "../guards/policy.js";
import { Quiet } from "../guards/quiet.js";
import { PlainField, isPlain } from "../plain-field.js";
import { RawPart } from "./raw-part.js";

export function GuardBlock({ document, onDocument, known, errors }) {
  const set = (key) => (value) => onDocument(put(document, key, value));
  return html`<div class="stack">
    <${Group} title="Consent"><${Passes} document=${document} onDocument=${onDocument} /><//>
    <${Group} title="Limits"><${Limits} limits=${document.limits} onLimits=${set("limits")} errors=${errors} />
      <${Quiet} quiet=${document.quiet} onQuiet=${set("quiet")} errors=${errors} /><//>
    <${Group} title="Success">
      <${GoalGuard} goal=${document.goal} onGoal=${set("goal")} ...${{ known, errors }} />
      <${Holdout} holdout=${document.holdout} onHoldout=${set("holdout")} errors=${errors} /><//>
    <${Group} title="If handing over goes wrong"><${Policy} policy=${document.policy} onPolicy=${set("policy")}
      errors=${errors} /><//>
    <${Group} title="Order"><div class="two">
      <${Priority} priority=${document.priority} onPriority=${set("priority")} />
      <${Labels} labels=${document.labels} onLabels=${set("labels")} errors=${errors} /></div><//>
    <${More} ...${{ document, onDocument, errors }} /></div>`;
}

const Group = ({ title, children }) => html`<section class="stack close guard-group"><h3>${title}</h3>${children}
  </section>`;

/** What the vocabulary has beside all that: drawn as it describes it. */
function More({ document, onDocument, errors }) {
  const others = otherFields();
  if (!others.length) return null;
  const draft = { ...blankCampaign(), ...document };
  const set = (key, value) => onDocument(put(document, key, value));
  return html`<${Group} title="More">${others.map((field) => (isPlain(field)
    ? html`<${PlainField} key=${field.path} path=${field.path} ...${{ draft, set, errors }} />`
    : html`<${RawPart} key=${field.path} path=${field.path} label=${field.title ?? sentence(field.path)}
        value=${valueAt(draft, field.path)} error=${errors[field.path]}
        onValue=${(value) => onDocument(put(document, field.path, value))} />`))}<//>`;
}
