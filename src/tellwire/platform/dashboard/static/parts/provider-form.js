// The fields of "Other (Generic)", in the order in which CleverTap's and 8x8's guides walk through them.
import { html } from "/static/shared/ui/preact.js";
import { CopyButton } from "/static/shared/ui/copy.js";
import { Choice, Field, SelectField, TextField, Toggle } from "/static/shared/ui/fields.js";
import { Pairs } from "/static/shared/ui/pairs.js";
import { headersFor, isJson } from "../provider-draft.js";
import { Authentication } from "./authentication.js";
import { Card } from "./card.js";
import { FoundTokens } from "./found-tokens.js";
import { TemplateEditor } from "./template-editor.js";

/** `set(key, value)` changes one field of the draft; `errors` are sentences by the path of their field. */
export const ProviderForm = ({ draft, set, errors, presets, onPreset, note }) => html`<div class="stack">
  <${Identity} ...${{ draft, set, errors, presets, onPreset, note }} />
  <${Request} ...${{ draft, set, errors }} />
  <${Parameters} ...${{ draft, set, errors }} />
  <${Delivery} ...${{ draft, set, errors }} />
</div>`;

const Identity = ({ draft, set, errors, presets, onPreset, note }) => html`<${Card} title="Provider">
  <div class="two">
    <${TextField} label="Provider" value="Other (Generic)" readonly onValue=${() => {}}
      hint="Any service that takes HTTP" />
    <${SelectField} label="Start from" value=${note?.key ?? ""} onValue=${onPreset}
      hint="Fills the form below as the vendor's guide says; you can undo it"
      options=${[["", "Choose…"], ...presets.map((one) => [one.key, one.name])]} />
  </div>
  ${note && html`<p class="hint" role="note">${note.note} <a href=${note.docs} target="_blank" rel="noreferrer">The
    vendor's guide</a></p>`}
  <${TextField} label="Nickname" required maxlength="64" data-search
    hint="How campaigns name it; unique among your providers"
    value=${draft.nickname} onValue=${(text) => set("nickname", text)} error=${errors.nickname} />
  <${CallbackUrl} url=${draft.callback_url} />
<//>`;

const CallbackUrl = ({ url }) => html`
  <${Field} label="Callback URL"
    hint="Give this to the provider: it posts delivery receipts here. The address is the secret.">
    ${(tie) => html`<div class="joined">
      <input class="input mono" readonly value=${url} ...${tie} onFocus=${(event) => event.currentTarget.select()} />
      <${CopyButton} text=${url} what="callback URL" /></div>`}
  <//>`;

const Request = ({ draft, set, errors }) => html`<${Card} title="Request">
  <${Choice} label="Request type" value=${draft.request_type}
    onValue=${(type) => setKind(draft, set, { request_type: type })}
    options=${[["GET", "GET"], ["POST", "POST"]]} />
  <${TextField} label="HTTP endpoint" class="mono" type="url" inputmode="url" spellcheck=${false} required
    placeholder="https://sms.8x8.com/api/v1/subaccounts/…/messages/batch"
    value=${draft.endpoint} onValue=${(text) => set("endpoint", text)} error=${errors.endpoint} />
  <${Authentication} given=${draft.authentication} onGiven=${(given) => set("authentication", given)}
    errors=${errors} />
  <${Pairs} legend="Headers" path="headers" add="Add a header"
    suggestions=${["Authorization", "Content-Type", "X-API-Key"]}
    hint="Most providers take their key here: Authorization with “Bearer …”. Stored sealed."
    pairs=${draft.headers} onPairs=${(pairs) => set("headers", pairs)} errors=${errors} />
<//>`;

/** Another kind of body takes its Content-Type with it. */
function setKind(draft, set, change) {
  set("headers", headersFor(draft, change));
  for (const [key, value] of Object.entries(change)) set(key, value);
}

const Parameters = ({ draft, set, errors, change = (one) => setKind(draft, set, one) }) =>
  html`<${Card} title="Parameters">
  ${draft.request_type === "POST" && html`
    <${Choice} label="Parameters type" value=${draft.encoding} onValue=${(type) => change({ encoding: type })}
      options=${[["form", "Key-value pairs (form)"], ["json", "JSON"]]} />`}
  ${isJson(draft)
    ? html`<${TemplateEditor} ...${{ draft, set, errors }} /><${Batch} ...${{ draft, set, errors }} />`
    : html`<${Pairs} legend=${draft.request_type === "GET" ? "Query parameters" : "Form fields"} path="parameters.pairs"
        add="Add a pair" hint="Values may hold tokens: $$To, $$Body, $$MessageID …"
        pairs=${draft.pairs} onPairs=${(pairs) => set("pairs", pairs)} errors=${errors} />`}
  <${FoundTokens} draft=${draft} />
<//>`;

const Batch = ({ draft, set, errors }) => html`<div class="stack close">
  <${Toggle} label="Batch request" checked=${draft.isBatch} onValue=${(is) => set("isBatch", is)}
    hint="One request carries many messages: copies of the one element of an array." />
  ${draft.isBatch && html`<div class="two">
    <${TextField} label="Key name" class="mono" hint="The key whose array holds the messages"
      error=${errors["batch.key"]}
      value=${draft.batch.key} onValue=${(key) => set("batch", { ...draft.batch, key })} />
    <${TextField} label="Records per batch" type="number" min="1" max="1000" error=${errors["batch.size"]}
      hint="1 to 1,000; many providers stop at 100"
      value=${draft.batch.size} onValue=${(size) => set("batch", { ...draft.batch, size })} />
  </div>`}
</div>`;

const Delivery = ({ draft, set, errors }) => html`<${Card} title="Delivery">
  <${Choice} label="Form of $$To" value=${draft.phone_form} onValue=${(form) => set("phone_form", form)}
    options=${[["e164", "+6591230000"], ["digits", "6591230000"]]}
      hint="With or without the plus, as the provider wants it" />
  <div class="two">
    <${TextField} label="Pace" type="number" min="0" step="any" inputmode="decimal" error=${errors.per_s}
      hint="Messages a second at most; 0 for as fast as it takes them"
      value=${draft.per_s} onValue=${(text) => set("per_s", text)} />
    <${TextField} label="Requests at once" type="number" min="1" inputmode="numeric" error=${errors.concurrency}
      hint="How many may be under way together"
      value=${draft.concurrency} onValue=${(text) => set("concurrency", text)} />
  </div>
  <${Toggle} label="Mark as default" checked=${draft.is_default} onValue=${(is) => set("is_default", is)}
    hint="Campaigns that name no provider send through it. The mark moves here from the other provider." />
<//>`;
