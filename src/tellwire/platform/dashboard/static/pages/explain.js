// Why somebody got a message, or did not: for an event, or of a campaign whatever starts it.
import { html, useLayoutEffect, useState } from "/static/shared/ui/preact.js";
import { Field, SelectField, TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { here, putQuery } from "/static/shared/ui/router.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { Prose, Time } from "/static/shared/ui/time.js";
import { query } from "../api.js";
import { useData } from "../data.js";
import { Card } from "../parts/card.js";
import { ConsentLines } from "../parts/consent-lines.js";
import { Properties, ProfileFacts } from "../parts/profile-card.js";
import { RefusedRecords } from "../parts/refused.js";
import { useSamples } from "../parts/samples.js";
import { Answer } from "../parts/trace.js";
import { keyName } from "../journey-words.js";
import { campaignAt, eventAt, profileAt } from "../places.js";
import { eventOf } from "../shape.js";
import { Page } from "../shell.js";

const TOPICS = /** @type {const} */ (["campaigns", "events", "messages"]);
const KINDS = [["identity", "Identity"], ["phone", "Phone number"], ["object_id", "Device id"]];

export default function Explain() {
  const asked = here.value.query;
  const isAsked = Object.keys(asked).length > 0;
  const { data, error, reload } = useData(isAsked ? `/explain${query(asked)}` : null, TOPICS);
  const ask = (question) => {
    putQuery("/explain", question);
    reload(); // asking the same again is asking again
  };
  return html`<${Page} title="Explain">
    <${Question} asked=${asked} onAsk=${ask} errors=${error?.fields ?? {}} />
    <div class="stack" aria-live="polite">
      ${!isAsked ? html`<${Blank} />` : error ? html`<${Failure} error=${error} />`
        : data ? html`<${Found} found=${data} />` : html`<div class="card"><${Bones} /></div>`}
    </div><//>`;
}

const Blank = () => html`<div class="card"><${Empty} title="Why did they get it, or why not?">
  <p>Name a person and an event. You see every campaign that listened, every gate it asked, and the value each gate
    saw. Or name a person and a campaign: you see how it starts for them, and all that it did.</p><//></div>`;

function Question({ asked, onAsk, errors }) {
  const given = KINDS.map(([key]) => key).find((key) => asked[key]) ?? "identity";
  const [kind, setKind] = useState(given);
  const [who, setWho] = useState(asked[given] ?? "");
  const [event, setEvent] = useState(asked.event ?? "");
  const [campaign, setCampaign] = useState(asked.campaign ?? "");
  useLayoutEffect(() => { // a link may ask another question while this form stands
    setKind(given);
    setWho(asked[given] ?? "");
    setEvent(asked.event ?? "");
    setCampaign(asked.campaign ?? "");
  }, [JSON.stringify(asked)]);
  const { names } = useSamples(event);
  const { data } = useData("/campaigns", ["campaigns"]);
  const campaigns = (data?.campaigns ?? []).map((one) => [String(one.id), one.name]);
  const submit = (submitted) => {
    submitted.preventDefault();
    onAsk({ [kind]: who.trim(), event: event.trim(), campaign });
  };
  return html`<form class="card" onSubmit=${submit} role="search"><div class="body search">
    <${SelectField} label="By" value=${kind} onValue=${setKind} options=${KINDS} />
    <${TextField} label="Who" value=${who} onValue=${setWho} data-search error=${errors[kind]}
      placeholder=${kind === "phone" ? "+6591230000" : "user-123"} />
    <${Field} label="Event" error=${errors.event}>${(tie) => html`
      <input class="input" autocomplete="off" list="explain-events" placeholder="Order Placed"
        ...${tie}
        value=${event} onInput=${(typed) => setEvent(typed.currentTarget.value)} />
      <datalist id="explain-events">${names.map((name) => html`<option key=${name} value=${name} />`)}</datalist>`}<//>
    <${SelectField} label="Campaign" value=${campaign} onValue=${setCampaign} error=${errors.campaign}
      options=${[["", event.trim() ? "Every campaign" : "None"], ...campaigns]} />
    <button class="button primary"><${Icon} name="search" size=${14} />Explain</button>
  </div></form>`;
}

function Found({ found }) {
  const { note, start, profile, event, campaigns, stays, others, refused, consent } = found;
  return html`
    ${note && html`<div class="banner ${campaigns.length ? "" : "warn"}"><${Icon} name="info" />
      <p class="grow"><${Prose} text=${note} /></p></div>`}
    <${RefusedRecords} records=${refused} />
    ${others.length > 0 && html`<${Others} others=${others} />`}
    ${(profile || event) && html`<div class="halves">
      ${profile && html`<${Card} title="The person"><${ProfileFacts} profile=${profile} /><//>`}
      ${event && html`<${Card} title="The event"><${EventFacts} event=${eventOf(event)} /><//>`}</div>`}
    ${consent.length > 0 && html`<${ConsentLines} lines=${consent} />`}
    ${start.length > 0 && html`<${Start} lines=${start} />`}
    ${stays.length > 0 && html`<${Stays} stays=${stays} />`}
    ${campaigns.map((one, at) => html`<${Answer} key=${at} id=${one.id} name=${one.name} messageId=${one.message_id}
      verdict=${one.verdict} step=${one.step}
      code=${one.code} reason=${one.reason} trace=${one.trace} outcome=${one.outcome}
      version=${one.published_version} at=${start.length ? one.at : null} />`)}`;
}

const asOf = (word) => (word === "rule" ? "always" : word);

/** How a campaign starts for somebody: what is so now, and what was so at its moments. */
const Start = ({ lines }) => html`<${Card} title="How it starts for them"><ul class="stack close">
  ${lines.map((line, at) => html`<li key=${at}><span class="badge">${asOf(line.as_of)}</span>
    ${" "}<span class="break"><${Prose} text=${line.text} /></span></li>`)}</ul><//>`;

/** Where somebody is in campaigns now, whatever brought them there. */
function Stays({ stays }) {
  const { data } = useData("/campaigns", ["campaigns"]);
  const nameOf = (id) => keyName(data?.campaigns.find((one) => one.id === id)?.key);
  return html`<${Card} title="Where they are now"><ul class="stack close">
  ${stays.map((one, at) => html`<li key=${at}>
    <a class="strong break" href=${campaignAt(one.campaign_id)}>${one.name}</a>
    ${one.key && html` <span class="muted break">${nameOf(one.campaign_id)} ${one.key}</span>`}
    <span class="line-below break"><${Prose} text=${one.reason} /></span></li>`)}</ul><//>`;
}

const Others = ({ others }) =>
  html`<p>The number also stands in the profile of ${others.map(({ id, subjects }, at) => html`
  <span key=${id}>${at > 0 && ", "}<a href=${profileAt(subjects[0])}>${subjects[0].value}</a></span>`)}.</p>`;

const EventFacts = ({ event }) => html`<dl class="facts">
  <dt>Name</dt><dd><a href=${eventAt(event.id)}>${event.name}</a></dd>
  <dt>Received</dt><dd><${Time} at=${event.received_at} /></dd>
  <${Properties} of=${event.properties} /></dl>`;
