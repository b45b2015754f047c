// When a campaign was saved, published and stopped, by whom, and what each time changed.
import { html, useState } from "/static/shared/ui/preact.js";
import { useResource } from "/static/shared/ui/resource.js";
import { Failure } from "/static/shared/ui/states.js";
import { Time } from "/static/shared/ui/time.js";
import { get } from "../api.js";
import { fieldsInShort, wayWords } from "../audit-words.js";
import { fieldName, pastOf, valueText } from "../campaign-history.js";
import { changesOf } from "../places.js";
import { AuditDiff } from "./audit-diff.js";
import { Card } from "./card.js";

const SHOWN = 20; // lines; who needs more asks the API

async function load(id, signal) {
  const at = encodeURIComponent(id);
  const [{ lines }, { log }, { versions }] = await Promise.all([
    get(`/audit?kind=campaign&object_id=${at}&limit=${SHOWN}`, { signal }),
    get(`/campaigns/${at}/log?limit=${SHOWN}`, { signal }), get(`/campaigns/${at}/versions?limit=${SHOWN}`, { signal }),
  ]);
  return pastOf(lines, log, versions).slice(0, SHOWN);
}

/** The end of a campaign's history. */
export function History({ campaign }) {
  const { id, version, state } = campaign;
  const { data, error, reload } = useResource((signal) => load(id, signal), [id, version, state]);
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  if (!data?.length) return null;
  const all = html`<a class="push small" href=${changesOf("campaign", id)}>In the audit log</a>`;
  return html`<${Card} title="History" tools=${all}><ul class="stack close">
    ${data.map((line) => html`<li key=${line.key}>
      <${Time} at=${line.at} class="muted small" /> <span class="strong">${line.what}</span>
      ${line.by && html` <span class="muted">by <span class="break">${line.by}</span></span>`}
      ${line.line && html`${wayWords(line.line) && html` <span class="muted">${wayWords(line.line)}</span>`}
        <${Diff} line=${line.line} />`}
      ${line.changed?.length > 0 && html`<${Changed} id=${id} number=${line.version} fields=${line.changed} />`}
    </li>`)}</ul><//>`;
}

/** What was before and after; state alone needs no more words. */
function Diff({ line }) {
  const [isOpen, setOpen] = useState(false);
  if (line.left_out === 0 && line.fields.every(({ field }) => field === "state")) return null;
  return html`<details onToggle=${(toggled) => setOpen(toggled.currentTarget.open)}>
    <summary>${line.what === "created" ? "" : "Changed: "}${fieldsInShort(line)}</summary>
    ${isOpen && html`<${AuditDiff} line=${line} />`}</details>`;
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
