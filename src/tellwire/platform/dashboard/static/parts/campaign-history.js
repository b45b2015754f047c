// When a campaign was published, changed and stopped, by whom, and what each version changed.
import { html, useState } from "/static/shared/ui/preact.js";
import { useResource } from "/static/shared/ui/resource.js";
import { Failure } from "/static/shared/ui/states.js";
import { Time } from "/static/shared/ui/time.js";
import { get } from "../api.js";
import { fieldName, historyOf, valueText } from "../campaign-history.js";
import { Card } from "./card.js";

const SHOWN = 20; // lines; who needs more asks the API

async function load(id, signal) {
  const at = encodeURIComponent(id);
  const [{ log }, { versions }] = await Promise.all([
    get(`/campaigns/${at}/log?limit=${SHOWN}`, { signal }), get(`/campaigns/${at}/versions?limit=${SHOWN}`, { signal }),
  ]);
  return historyOf(log, versions);
}

/** The end of a campaign's history; nothing for one that was never published. */
export function History({ campaign }) {
  const { id, version, state } = campaign;
  const { data, error, reload } = useResource((signal) => load(id, signal), [id, version, state]);
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  if (!data?.length) return null;
  return html`<${Card} title="History"><ul class="stack close">
    ${data.map((line) => html`<li key=${line.key}>
      <${Time} at=${line.at} class="muted small" /> <span class="strong">${line.what}</span>
      ${line.by && html` <span class="muted">by <span class="break">${line.by}</span></span>`}
      ${line.changed.length > 0 && html`<${Changed} id=${id} number=${line.version} fields=${line.changed} />`}
    </li>`)}</ul><//>`;
}

function Changed({ id, number, fields }) {
  const [isOpen, setOpen] = useState(false);
  return html`<details onToggle=${(toggled) => setOpen(toggled.currentTarget.open)}>
    <summary>Changed: ${fields.map(fieldName).join(", ")}</summary>
    ${isOpen && html`<${Changes} id=${id} number=${number} />`}</details>`;
}

function Changes({ id, number }) {
  const { data, error } = useResource(
    (signal) => get(`/campaigns/${encodeURIComponent(id)}/versions/${encodeURIComponent(number)}`, { signal }),
    [id, number]);
  if (error) return html`<${Failure} error=${error} />`;
  return html`<dl class="facts">${(data?.changes ?? []).map(({ field, before, after }) => html`
    <dt key=${field}>${fieldName(field)}</dt>
    <dd class="break"><span class="muted">was</span> ${valueText(before)}<br />
      <span class="muted">is</span> ${valueText(after)}</dd>`)}</dl>`;
}
