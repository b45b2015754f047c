// A step that calls another system: where, with what body and headers.
import { html } from "/static/shared/ui/preact.js";
import { Field, TextField } from "/static/shared/ui/fields.js";
import { Pairs } from "/static/shared/ui/pairs.js";
import { put } from "../../document/tree.js";
import { usePairs } from "./send-form.js";

const HINT = "Liquid over Profile and Event, as { \"who\": {{ Profile.Identity | json }} }.";

export function CallForm({ call, onCall, path, errors }) {
  const [headers, setHeaders] = usePairs(call.headers ?? {},
    (object) => onCall(put(call, "headers", Object.keys(object).length ? object : undefined)));
  const set = (key) => (value) => onCall({ ...call, [key]: value });
  return html`<div class="stack close">
    <div data-path="${path}.url"><${TextField} label="Address" type="url" maxlength="2048" value=${call.url}
      onValue=${set("url")} error=${errors[`${path}.url`]} /></div>
    <div data-path="${path}.body"><${Field} label="Body" optional hint=${HINT} error=${errors[`${path}.body`]}>
      ${(tie) => html`<textarea class="textarea mono" rows="4" spellcheck="false" ...${tie} value=${call.body ?? ""}
        onInput=${(event) => set("body")(event.currentTarget.value)} />`}<//></div>
    <div data-path="${path}.headers"><${Pairs} legend="Headers" add="Add a header" pairs=${headers}
      onPairs=${setHeaders} path="${path}.headers" errors=${errors} /></div></div>`;
}
