// What a change made otherwise, field by field: before at the left, after at the right.
import { html } from "/static/shared/ui/preact.js";
import { sideOf } from "../audit-words.js";
import { fieldName } from "../campaign-history.js";
import { count } from "../words.js";

/** `line` is one of the audit log. */
export const AuditDiff = ({ line }) => html`<table class="table diff">
  <thead><tr><th scope="col">Before</th><th scope="col">After</th></tr></thead>
  ${line.fields.map((diff) => html`<tbody key=${diff.field}>
    <tr><th scope="rowgroup" colspan="2" title=${diff.field}>${fieldName(diff.field)}</th></tr>
    <tr><${Side} diff=${diff} side="before" /><${Side} diff=${diff} side="after" /></tr></tbody>`)}</table>
  ${line.left_out > 0
    && html`<p class="hint">${count(line.left_out, "further field")} changed; too many to keep.</p>`}`;

function Side({ diff, side }) {
  const { text, isNothing, cut } = sideOf(diff, side);
  return html`<td class="${side} ${isNothing ? "muted" : ""}">${text}
    ${cut && html`<span class="hint line-below">${cut}</span>`}</td>`;
}
