// Surveys: what is asked, and how many of those who got a link have opened and answered it.
import { html, useState } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { useResource } from "/static/shared/ui/resource.js";
import { go } from "/static/shared/ui/router.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { number, share } from "/static/shared/ui/words.js";
import { get, may } from "../api.js";
import { FirstAccount } from "../first-account.js";
import { surveyAt } from "../places.js";
import { Page } from "../shell.js";
import { SurveyForm, newSurvey } from "../survey-form.js";

export default function SurveysPage() {
  const surveys = useResource((signal) => get("/surveys", { signal }), []);
  const accounts = useResource((signal) => get("/accounts", { signal }), []);
  const [first, setFirst] = useState(null);
  const subaccounts = accounts.data?.subaccounts ?? [];
  const error = surveys.error ?? accounts.error;
  const canMake = may("developer") && subaccounts.length > 0;
  const make = () => setFirst(newSurvey(subaccounts[0].id));
  return html`<${Page} title="Surveys"
    lead="A few questions behind a short link in a text. Programs send them; people answer on their phones."
    actions=${canMake && html`<button type="button" class="button primary" onClick=${make}>
      <${Icon} name="plus" size=${14} />Survey</button>`}>
    ${error && html`<${Failure} error=${error} retry=${() => { surveys.reload(); accounts.reload(); }} />`}
    <section class="card" aria-label="Surveys">
      ${!surveys.data || !accounts.data ? !error && html`<${Bones} rows=${4} />`
      : subaccounts.length === 0 ? html`<${FirstAccount} />`
      : surveys.data.surveys.length === 0 ? html`<${Empty} title="No survey yet">
        <p>Ask how a delivery was, or whether a time suits. Each message gets a link of its own, and each link takes
        one answer.</p><//>`
      : html`<table class="table stacked"><thead><tr><th scope="col">Survey</th>
        <th scope="col" class="wide">Subaccount</th><th scope="col" class="number">Sent</th>
        <th scope="col" class="number">Opened</th><th scope="col">Answered</th><th scope="col">State</th></tr></thead>
        <tbody>${surveys.data.surveys.map((one) => html`<tr key=${one.id}><td><a class="whole" href=${surveyAt(one.id)}>
          ${one.title}</a><br /><span class="mono small muted">${one.id}</span></td><td class="wide">${one.subaccount}
          </td>
          <td class="number">${number(one.counts.sent)}<span class="narrow small muted"> sent</span></td>
            <td class="number">${number(one.counts.opened)}<span class="narrow small muted"> opened</span></td>
          <td><${Share} count=${one.counts.answered} of=${one.counts.sent} /></td><td><${State} survey=${one} /></td>
            </tr>`)}</tbody></table>`}</section>
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
