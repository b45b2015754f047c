// How many people meet a rule as it is written, some of them, and why one person is in or out.
import { html, useState } from "/static/shared/ui/preact.js";
import { TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { useAnswer, useRested } from "/static/shared/ui/answer.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { Time } from "/static/shared/ui/time.js";
import { byPlace, isCountable } from "../audience-draft.js";
import { post } from "../api.js";
import { profileAt } from "../places.js";
import { number } from "../words.js";
import { Card } from "./card.js";

const REST_MS = 300;
const NOTHING = Object.freeze({});

async function count(rule, signal) {
  const [counted, sampled] = await Promise.all([
    post("/audiences/count", { rule, lines: true }, { signal }), post("/audiences/sample", { rule }, { signal }),
  ]);
  return { ...counted, people: sampled.people };
}

/** What the server counts of a rule once it rests: `{data, error, counts, errors}`; `isAsked` if it can be counted. */
export function useCount(rule) {
  const rested = useRested(rule, REST_MS);
  const { data, error, reload } = useAnswer(isCountable(rested) ? rested : null, count);
  return {
    data, isAsked: isCountable(rested), reload, error: error?.code === "invalid" ? null : error,
    counts: data ? byPlace(data.lines) : NOTHING, errors: byPlace(error?.fields),
  };
}

export function Counted({ counted }) {
  const { data, error, isAsked, reload } = counted;
  return html`<${Card} title="Who this is now">
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${data ? html`<div aria-live="polite"><p class="figure num">${number(data.count)}
        <span class="muted small"> ${data.count === 1 ? "person" : "people"}</span></p>
      <p class="muted small num">${number(data.reachable.sms)} of them can be reached by SMS,
        as of ${" "}<${Time} at=${data.as_of} /></p></div>
      <${Sample} people=${data.people} />`
      : !error && (!isAsked ? html`<p class="muted">Write a rule, and it is counted.</p>` : html`<${Bones}
        rows=${4} />`)}<//>`;
}

const Sample = ({ people }) => people.length > 0 && html`<div><h3 class="label">Some of them</h3>
  <ul class="audience-sample">${people.map((one) => html`<li key=${one.profile_id}>
    <a class="cut" href=${profileAt({ kind: "identity", value: one.identity })}>${one.name || one.identity}</a>
    ${one.name && html`<span class="muted small cut">${one.identity}</span>`}</li>`)}</ul></div>`;

/** Asks of one person which lines of the rule they meet. */
export function WhyOne({ rule }) {
  const [who, setWho] = useState("");
  const [answer, setAnswer] = useState(null);
  const ask = async (event) => {
    event.preventDefault();
    if (!who.trim() || !isCountable(rule)) return;
    try {
      setAnswer(await post("/audiences/why", { rule, identity: who.trim() }));
    } catch (error) {
      setAnswer({ error });
    }
  };
  return html`<${Card} title="Is somebody in?"><form class="row tight" onSubmit=${ask}>
      <${TextField} label="Identity of a person" isLabelUnseen placeholder="Identity" value=${who}
        onValue=${setWho} autocomplete="off" />
      <button class="button" type="submit">Ask</button></form>
    <div aria-live="polite">${answer && (answer.error
      ? html`<p class="wrong">${answer.error.code === "not_found" ? "Nobody is known by this identity."
        : answer.error.message}</p>`
      : html`<p class="strong">${answer.is_member ? "They belong." : "They do not belong."}</p>
        <ul class="audience-why">${answer.lines.map((line) => html`<li key=${line.path}>
          <${Icon} name=${line.is_met ? "check" : "cross"} size=${13} />
          <span class="unseen">${line.is_met ? "Met: " : "Not met: "}</span>
          <span class="break">${line.text}</span></li>`)}</ul>`)}</div><//>`;
}
