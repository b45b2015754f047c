// When a campaign was saved, published and stopped, by whom, and what each time changed.
import { html, useMemo, useState } from "/static/shared/ui/preact.js";
import { Failure } from "/static/shared/ui/states.js";
import { Time } from "/static/shared/ui/time.js";
import { together } from "/static/shared/ui/together.js";
import { fieldsInShort, wayWords } from "../audit-words.js";
import { fieldName, pastOf, valueText } from "../campaign-history.js";
import { useData } from "../data.js";
import { changesOf } from "../places.js";
import { AuditDiff } from "./audit-diff.js";
import { Card } from "./card.js";

const SHOWN = 20; // lines; who needs more asks the API

const TOPICS = /** @type {const} */ (["campaigns"]);

function usePast(id) {
  const at = encodeURIComponent(id);
  const { data, error, reload } = together({
    audit: useData(`/audit?kind=campaign&object_id=${at}&limit=${SHOWN}`, TOPICS),
    log: useData(`/campaigns/${at}/log?limit=${SHOWN}`, TOPICS),
    versions: useData(`/campaigns/${at}/versions?limit=${SHOWN}`, TOPICS),
  });
  const { audit, log, versions } = data ?? {};
  const past = useMemo(() => audit && pastOf(audit.lines, log.log, versions.versions).slice(0, SHOWN),
    [audit, log, versions]);
  return { past, error, reload };
}

/** The end of a campaign's history. */
export function History({ id }) {
  const { past, error, reload } = usePast(id);
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  if (!past?.length) return null;
  const all = html`<a class="push small" href=${changesOf("campaign", id)}>In the audit log</a>`;
  return html`<${Card} title="History" tools=${all}><ul class="stack close">
    ${past.map((line) => html`<li key=${line.key}>
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
  const { data, error } = useData(`/campaigns/${encodeURIComponent(id)}/versions/${encodeURIComponent(number)}`, [],
    { everyMs: null });
  if (error) return html`<${Failure} error=${error} />`;
  return html`<dl class="facts">${(data?.changes ?? []).map(({ field, before, after }) => html`
    <dt key=${field}>${fieldName(field)}</dt>
    <dd class="break"><span class="muted">was</span> ${valueText(before)}<br />
      <span class="muted">is</span> ${valueText(after)}</dd>`)}</dl>`;
}
