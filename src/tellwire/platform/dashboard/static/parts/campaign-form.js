// The fields of a campaign: when, who, what, through whom, and what to do when that goes wrong.
import { html } from "/static/shared/ui/preact.js";
import { Field, SelectField, TextField, Toggle } from "/static/shared/ui/fields.js";
import { Card } from "./card.js";
import { Conditions } from "./conditions.js";
import { ContentEditor } from "./content-editor.js";
import { PlainField, othersThan } from "./plain-field.js";
import { ProviderInputs } from "./provider-inputs.js";
import { boundsOf, fieldAt } from "../vocabulary.js";

/** `set(key, value)` changes one field of the draft; `properties` are what the @ menu and the conditions suggest. */
export function CampaignForm({ draft, set, errors, names, properties, providers, provider }) {
  const known = (space) => properties.filter((one) => one.space === space).map((one) => one.name);
  return html`<div class="stack">
    <${Trigger} ...${{ draft, set, errors, names }} known=${known("Event")} />
    <${Who} ...${{ draft, set, errors }} known=${known("Profile")} />
    <${What} ...${{ draft, set, errors, properties, providers, provider }} />
    <${When} ...${{ draft, set, errors }} />
    <${IfItGoesWrong} ...${{ draft, set, errors }} />
    <${More} ...${{ draft, set, errors }} />
  </div>`;
}

const Trigger = ({ draft, set, errors, names, known }) => html`<${Card} title="Campaign">
  <${TextField} label="Name" ...${boundsOf("name")} required data-search
    value=${draft.name} onValue=${(text) => set("name", text)} error=${errors.name} />
  <${Field} label="Event" error=${errors.event}
    hint="The name as your app sends it; capitals and spaces do not matter.">
    ${(tie) => html`
      <input class="input" required autocomplete="off" list="known-events" ...${tie}
        value=${draft.event} onInput=${(event) => set("event", event.currentTarget.value)} />
      <datalist id="known-events">${names.map((name) => html`<option key=${name} value=${name} />`)}</datalist>`}
  <//>
  <${Conditions} legend="Event conditions" hint="All must hold; without any, every such event counts."
    path="event_conditions"
    list=${draft.event_conditions} onList=${(list) => set("event_conditions", list)} known=${known} errors=${errors} />
<//>`;

const CONSENT = "People who opted out of SMS (MSG-sms is false) get nothing.";
const NO_CONSENT = "People who opted out of SMS get this too: only for what they must get, such as a code or a "
  + "receipt. Suppressed numbers never do.";

const Who = ({ draft, set, errors, known }) => html`<${Card} title="Who">
  <${Conditions} legend="Profile conditions" hint="About the person, as they are when the event comes."
    path="profile_conditions"
    list=${draft.profile_conditions} onList=${(list) => set("profile_conditions", list)} known=${known}
      errors=${errors} />
  <${Toggle} label="Respect consent" hint=${draft.respects_consent ? CONSENT : NO_CONSENT}
    checked=${draft.respects_consent} onValue=${(is) => set("respects_consent", is)} />
<//>`;

function What({ draft, set, errors, properties, providers, provider }) {
  const setContent = (key, value) => set("content", { ...draft.content, [key]: value });
  return html`<${Card} title="What">
    <${ContentEditor} text=${draft.content.text} onText=${(text) => setContent("text", text)} properties=${properties}
      error=${errors["content.text"]} />
    <${SelectField} label="Provider" value=${draft.provider} onValue=${(id) => set("provider", id)}
      options=${choices(providers, draft.provider)} error=${errors.provider_id} />
    <${ProviderInputs} content=${draft.content} setContent=${setContent} provider=${provider} errors=${errors} />
  <//>`;
}

function choices(providers, chosen) {
  const standing = providers.find((one) => one.is_default && !one.archived_at);
  const usable = providers.filter((one) => !one.archived_at || one.id === chosen);
  return [
    ["", standing ? `The default (now ${standing.nickname})` : "The default (there is none yet)"],
    ...usable.map((one) => [one.id, one.archived_at ? `${one.nickname} (archived)` : one.nickname]),
  ];
}

const When = ({ draft, set, errors }) => html`<${Card} title="When">
  <div class="two">
    <${TextField} label="Starts" type="datetime-local" optional hint="Your local time; empty: when published"
      value=${draft.starts} onValue=${(text) => set("starts", text)} error=${errors.starts_at} />
    <${TextField} label="Ends" type="datetime-local" optional hint="Empty: when stopped"
      value=${draft.ends} onValue=${(text) => set("ends", text)} error=${errors.ends_at} />
  </div>
<//>`;

const HOUR_S = 3600;
const hours = () => {
  const { least, most } = fieldAt("policy.give_up_after_s");
  return { min: least / HOUR_S, max: most / HOUR_S };
};
const UNRESOLVED = [["never_repeat", "Leave it: at most once"], ["repeat", "Send again: at least once"]];

function IfItGoesWrong({ draft, set, errors }) {
  const { policy } = draft;
  const tie = (key) => ({ value: policy[key], onValue: (value) => set("policy", { ...policy, [key]: value }),
    error: errors[`policy.${key}`] });
  return html`<${Card} title="If handing over goes wrong">
    <${SelectField} label="When no answer came, and it perhaps was sent" options=${UNRESOLVED}
      ...${tie("when_unresolved")} />
    <div class="two">
      <${PlainField} path="policy.attempts" ...${{ draft, set, errors }} />
      <${TextField} label="Give up after (hours)" type="number" ...${hours()} step="any" inputmode="decimal"
        ...${tie("hours")} error=${errors["policy.give_up_after_s"]} hint="Older than this it is not tried again" />
    </div>
  <//>`;
}

// What the cards above draw in their own way; whatever else a campaign has is drawn as the vocabulary describes it.
const DRAWN = ["name", "event", "respects_consent", "provider_id", "content", "policy.when_unresolved",
  "policy.attempts", "policy.give_up_after_s"];

function More({ draft, set, errors }) {
  const others = othersThan(DRAWN);
  return others.length > 0 && html`<${Card} title="More">
    ${others.map(({ path }) => html`<${PlainField} key=${path} ...${{ path, draft, set, errors }} />`)}
  <//>`;
}
