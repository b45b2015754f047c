// Surveys: what is asked, and how many of those who got a link have opened and answered it.
import { html, useState } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { go } from "/static/shared/ui/router.js";
import { Empty, Failure } from "/static/shared/ui/states.js";
import { Table } from "/static/shared/ui/table/table.js";
import { toast } from "/static/shared/ui/toast.js";
import { number, share } from "/static/shared/ui/words.js";
import { may } from "../api.js";
import { useData } from "../data.js";
import { FirstAccount } from "../first-account.js";
import { surveyAt } from "../places.js";
import { Page } from "../shell.js";
import { SurveyForm, newSurvey } from "../survey-form.js";

const COLUMNS = [
  { key: "title", name: "Survey", isFixed: true, value: (one) => one.title },
  { key: "id", name: "Id", width: 8, isWide: true, value: (one) => one.id,
    cell: (one) => html`<span class="mono small">${one.id}</span>` },
  { key: "subaccount", name: "Subaccount", width: 10, isWide: true, value: (one) => one.subaccount },
  { key: "sent", name: "Sent", width: 6, isNumber: true, isWide: true, value: (one) => one.counts.sent,
    cell: (one) => number(one.counts.sent) },
  { key: "opened", name: "Opened", width: 6, isNumber: true, isWide: true, value: (one) => one.counts.opened,
    cell: (one) => number(one.counts.opened) },
  { key: "answered", name: "Answered", width: 13, value: (one) => one.counts.answered,
    cell: (one) => html`<${Share} count=${one.counts.answered} of=${one.counts.sent} />` },
  { key: "state", name: "State", width: 7, value: (one) => (one.is_open ? "open" : "closed"),
    cell: (one) => html`<${State} survey=${one} />` },
];

export default function SurveysPage() {
  const surveys = useData("/surveys", ["surveys", "messages"]);
  const accounts = useData("/accounts", ["accounts", "subaccounts"]);
  const [first, setFirst] = useState(null);
  const subaccounts = accounts.data?.subaccounts ?? [];
  const error = surveys.error ?? accounts.error;
  const canMake = may("developer") && subaccounts.length > 0;
  const make = () => setFirst(newSurvey(subaccounts[0].id));
  return html`<${Page} title="Surveys"
    lead="A few questions behind a short link in a text. Programs send them; people answer on their phones."
    actions=${canMake && html`<button type="button" class="button primary" onClick=${make}>
      <${Icon} name="plus" size=${14} />New survey</button>`}>
    ${error && html`<${Failure} error=${error} retry=${() => { surveys.reload(); accounts.reload(); }} />`}
    ${accounts.data && !subaccounts.length ? html`<div class="card"><${FirstAccount} /></div>`
      : !error && html`<${Table} name="Surveys" rows=${accounts.data && surveys.data?.surveys} columns=${COLUMNS}
        isMain=${true} hrefOf=${(one) => surveyAt(one.id)} empty=${html`<${Empty} title="No survey yet">
        <p>Ask how a delivery was, or whether a time suits. Each message gets a link of its own, and each link takes
        one answer.</p><//>`} />`}
    ${first && html`
      <${SurveyForm} ...${{ first, subaccounts }} onClose=${() => setFirst(null)}
      onSaved=${({ id, title }) => { toast(`${title} can be sent now.`); go(surveyAt(id)); }} />`}<//>`;
}

export const State = ({ survey }) =>
  (survey.is_open ? html`<span class="badge good"><${Icon} name="check" size=${12} />Open</span>`
  : html`<span class="badge"><${Icon} name="stop" size=${12} />Closed</span>`);

/** A count with its share of a whole, as a number and a small bar. */
export const Share = ({ count, of }) => html`<span class="tally"><span class="number">${number(count)}</span>
  <span class="meter" aria-hidden="true"><i style=${{ width: `${of ? (100 * count) / of : 0}%` }} /></span>
    <span class="number small muted">${share(count, of)}</span></span>`;
