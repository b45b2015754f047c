// The people who stand at one step of a campaign, in a panel over the page.
import { html } from "/static/shared/ui/preact.js";
import { usePaged } from "/static/shared/ui/paged.js";
import { Panel } from "/static/shared/ui/panel.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { Time } from "/static/shared/ui/time.js";
import { get, query } from "../api.js";
import { holdWords, keyName } from "../journey-words.js";
import { profileAt } from "../places.js";
import { when } from "../words.js";

const PAGE = 50; // people that one answer has

/** `step` is its id; an empty one is before the first. */
export function PeoplePanel({ campaign: { id, key }, step, onClose }) {
  const load = async (after, signal) => {
    const rest = query({ step, limit: PAGE, after });
    const { people } = await get(`/campaigns/${encodeURIComponent(id)}/people${rest}`, { signal });
    return { rows: people, next: people.length === PAGE ? people.at(-1).cursor : null };
  };
  const list = usePaged(load, [id, step]);
  const title = step ? `People at “${step}”` : "People before the first step";
  return html`<${Panel} name=${step} title=${title} onClose=${onClose}>
    ${list.error && html`<${Failure} error=${list.error} retry=${list.reload} />`}
    ${!list.isLoaded && !list.error && html`<${Bones} rows=${4} />`}
    ${list.isLoaded && !list.rows.length && html`<p class="muted">Nobody stands here any more.</p>`}
    <ul class="people">${list.rows.map((one) => html`<${Person} key=${one.cursor} person=${one}
      name=${keyName(key)} />`)}</ul>
    ${list.next && html`<button type="button" class="button" onClick=${list.more}
      aria-disabled=${list.isBusy ? "true" : undefined}>Show more</button>`}<//>`;
}

function Person({ name, person: { subjects, key, since, due_at: until, hold } }) {
  const [subject] = subjects;
  return html`<li>
    <span class="strong break">${subject ? html`<a href=${profileAt(subject)}>${subject.value}</a>` : "Somebody"}</span>
    ${key && html` <span class="muted break">${name} ${key}</span>`}
    <span class="small muted line-below">since <${Time} at=${since} as=${when} />, until
      ${" "}<${Time} at=${until} as=${when} />
      ${hold && html`<span class="strong">: ${holdWords(hold)}</span>`}</span></li>`;
}
