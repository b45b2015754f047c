// Who somebody is to us: names, number, whether they may be written to, properties, devices that push could reach.
import { html } from "/static/shared/ui/preact.js";
import { Time } from "/static/shared/ui/time.js";
import { SOURCES } from "../inbox-words.js";
import { sentence } from "../words.js";

const word = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/** Rows of a list of facts: one for each property. */
export const Properties = ({ of }) =>
  html`${Object.entries(of).map(([name, value]) => html`<dt key=${name}>${name}</dt><dd>${word(value)}</dd>`)}`;

/** Whether the number may be written to, by whose word and since when. */
function Suppression({ last }) {
  if (!last) return "No";
  const [answer, verb] = last.is_suppressed ? ["Yes: nothing is sent to this number", "by"] : ["No", "released by"];
  return html`${answer}<span class="muted">, ${verb} ${SOURCES[last.source] ?? last.source},
    ${" "}<${Time} at=${last.at} /></span>`;
}

export const ProfileFacts = ({ profile }) => html`<dl class="facts">
  ${profile.subjects.map(({ kind, value }) => html`<dt key=${kind + value}>${sentence(kind)}</dt><dd class="mono">
    ${value}</dd>`)}
  <dt>Number</dt><dd class="number">${profile.phone ?? html`<span class="muted">none: cannot be reached by SMS</span>`}
    </dd>
  <dt>Suppressed</dt><dd><${Suppression} last=${profile.suppression} /></dd>
  <${Properties} of=${profile.properties} />
  ${profile.tokens.map(({ device, kind, ends_in, at }) => html`<dt key=${device}>Push token</dt><dd>
    ${kind}${ends_in && html` <span class="mono">…${ends_in}</span>`}
    ${" "}<span class="muted">of <span class="mono">${device}</span>, since <${Time} at=${at} /></span></dd>`)}
  <dt>Known since</dt><dd><${Time} at=${profile.created_at} /></dd>
  <dt>Changed</dt><dd><${Time} at=${profile.updated_at} /></dd></dl>`;
