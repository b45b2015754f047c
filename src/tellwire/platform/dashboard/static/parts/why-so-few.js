// “Why so few?”: what kept people from a campaign's message in a period, by reason, with some of the people.
import { html, useMemo, useState } from "/static/shared/ui/preact.js";
import { DateRange } from "/static/shared/ui/range/date-range.js";
import { USUAL, boundsOf, rangeOf } from "/static/shared/ui/range/dates.js";
import { Failure } from "/static/shared/ui/states.js";
import { Table } from "/static/shared/ui/table/table.js";
import { Prose, Time } from "/static/shared/ui/time.js";
import { query } from "../api.js";
import { useData } from "../data.js";
import { leftWords } from "../journey-words.js";
import { explainCampaignAt } from "../places.js";
import { count, gateName, number, share } from "../words.js";

const TOPICS = /** @type {const} */ (["events", "messages"]);
const AGAIN_MS = 10_000; // who is kept from a message while they wait moves no topic
const STAGES = { start: "At the start", gate: "At a message", held: "Held for now", left: "Left before the end" };

const wordOf = ({ stage, code }) => (stage === "left" ? leftWords(code) : gateName(code));

const columnsFor = (id, decided) => [
  { key: "reason", name: "Reason", width: 17, isFixed: true, value: wordOf },
  { key: "times", name: "Times", width: 5, isNumber: true, value: ({ times }) => times,
    cell: ({ times }) => number(times) },
  { key: "share", name: "Share", width: 5, isNumber: true, isWide: true, value: ({ times }) => times,
    cell: ({ times, stage }) => (stage === "left" ? "–" : share(times, decided)) },
  { key: "stage", name: "Where", width: 11, isWide: true, value: ({ stage }) => STAGES[stage] },
  { key: "people", name: "People, for example", value: ({ sample }) => sample.map(({ value }) => value).join(", "),
    isUnsortable: true, cell: ({ sample }) => html`<${People} id=${id} sample=${sample} />` },
  { key: "example", name: "In words", isHidden: true, width: 24, value: ({ example }) => example, isUnsortable: true,
    cell: ({ example }) => html`<${Prose} text=${example} />` },
];

const People = ({ id, sample }) => (sample.length === 0 ? html`<span class="muted">only counted</span>`
  : sample.map((one, at) => html`${at > 0 && ", "}<a key=${one.value}
    href=${explainCampaignAt(one, id)}>${one.value}</a>`));

/** `id` is the campaign's. */
export function WhySoFew({ id }) {
  const [chosen, setChosen] = useState(USUAL);
  const range = useMemo(() => rangeOf(chosen, "", new Date()), [chosen]);
  const period = query(boundsOf(range));
  const { data, error, reload } = useData(`/campaigns/${encodeURIComponent(id)}/why${period}`, TOPICS,
    { everyMs: AGAIN_MS });
  const columns = useMemo(() => columnsFor(id, data?.decided ?? 0), [id, data?.decided]);
  return html`<section class="stack close" aria-labelledby="why-so-few">
    <div class="row"><h2 id="why-so-few">Why so few?</h2>
      <div class="push"><${DateRange} range=${range} hasComparison=${false}
        onRange=${(change) => setChosen(change.range)} /></div></div>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${!(error && !data) && html`<${Table} name="Why so few" columns=${columns} rows=${data?.reasons} height="none"
      boneRows=${3} hasTools=${false} idOf=${({ stage, gate, code }) => `${stage} ${gate} ${code}`}
      empty=${html`<p class="empty">Nothing kept anybody from a message in this time.</p>`}
      footer=${data && html`<${Sum} data=${data} />`} />`}</section>`;
}

const Sum = ({ data: { decided, sent, reached, note } }) => html`<p class="small muted" role="status">
  ${count(decided, "answer")}, ${count(sent, "message")}.
  ${reached && html` Looked back to <${Time} at=${reached} /> only: there were too many answers.`}
  ${note && ` ${note}`}</p>`;
