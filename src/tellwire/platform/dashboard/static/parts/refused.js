// What came in and was refused: callbacks of a provider, records of a person.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Failure } from "/static/shared/ui/states.js";
import { Table } from "/static/shared/ui/table/table.js";
import { Time } from "/static/shared/ui/time.js";
import { useData } from "../data.js";
import { number, sentence, when } from "../words.js";

const AGAIN_MS = 10_000; // no topic tells of them, and one who mends a callback wants to see that it is mended
const SHOWN = 10; // the newest; the API has the last hundred

const At = ({ at }) => html`<${Time} at=${at} as=${when} class="muted nowrap" />`;

/** The last callbacks of a provider that were not taken, or not whole; nothing while there are none. */
export function RefusedCallbacks({ id }) {
  const { data, error, reload } = useData(`/providers/${encodeURIComponent(id)}/refused-callbacks`, ["messages"],
    { everyMs: AGAIN_MS });
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  if (!data?.callbacks.length) return null;
  const rows = data.callbacks.map((one, at) => ({ ...one, id: at })).slice(0, SHOWN);
  return html`<div class="stack close">
    <div class="row"><h2>Refused callbacks</h2><span class="push muted small">the last
      ${" "}${number(data.callbacks.length)}</span></div>
    <${Table} name="Refused callbacks" height="none" hasTools=${false} rows=${rows} columns=${COLUMNS} /></div>`;
}

const COLUMNS = [
  { key: "at", name: "When", width: 7.5, isFixed: true, value: ({ at }) => at,
    cell: ({ at }) => html`<${At} at=${at} />` },
  { key: "status", name: "Answer", width: 5, isNumber: true, value: ({ status }) => status },
  { key: "reason", name: "Why", value: ({ reason }) => reason,
    cell: ({ reason }) => html`<span class="small" title=${reason}>${reason}</span>` },
];

const subjectOf = ({ kind, event_name: name }) => (name ? `Event “${name}”` : kind ? sentence(kind) : "A record");

/** The last records of a person that uploads brought and that were not taken. */
export const RefusedRecords = ({ records }) => records.length > 0
  && html`<div class="banner warn"><${Icon} name="warning" />
  <div class="grow"><p class="strong">Records of theirs were refused</p>
    <ul class="stack close">${records.map((one, row) => html`<li key=${row} class="break">
      <${At} at=${one.at} /> ${subjectOf(one)}: ${one.error} <span class="muted">(${one.code})</span></li>`)}</ul></div>
        </div>`;
