// What a provider asks of each campaign that uses it, by block (CleverTap contract 1.5).
import { html } from "/static/shared/ui/preact.js";
import { TextField } from "/static/shared/ui/fields.js";
import { Pairs } from "/static/shared/ui/pairs.js";

const NONE = { message: [], header: [], global: [] };

export function ProviderInputs({ content, setContent, provider, errors }) {
  const { message, header, global } = provider?.tokens ?? NONE;
  const block = (legend, names) => html`<${Tokens} ...${{ legend, names, content, setContent, errors }} />`;
  return html`
    ${provider?.uses_template_id && html`
      <${TextField} label="Template ID" hint="The provider sends it as $$TemplateID, for instance a DLT id"
        value=${content.template_id} onValue=${(text) => setContent("template_id", text)}
          error=${errors["content.template_id"]} />`}
    ${provider?.uses_template_variables && html`
      <${Variables} list=${content.template_variables} onList=${(list) => setContent("template_variables", list)}
        errors=${errors} />`}
    ${block("Values for this provider", message)}
    ${block("Header values", header)}
    ${block("Global values, the same for everybody", global)}
    <${Pairs} legend="Extra key-value pairs" hint="Sent with the messages of this campaign only" path="content.extra"
      add="Add a pair"
      pairs=${content.extra} onPairs=${(pairs) => setContent("extra", pairs)} errors=${errors} />`;
}

function Tokens({ legend, names, content, setContent, errors }) {
  if (!names.length) return null;
  const put = (name) => (text) => setContent("tokens", { ...content.tokens, [name]: text });
  return html`<fieldset class="stack close">
    <legend class="label">${legend}</legend>
    <div class="two">${names.map((name) => html`
      <${TextField} key=${name} label=${html`<span class="mono">$$${name}</span>`}
        value=${content.tokens[name] ?? ""} onValue=${put(name)} error=${errors[`content.tokens.${name}`]} />`)}</div>
  </fieldset>`;
}

function Variables({ list, onList, errors }) {
  const put = (row) => (text) => onList(list.map((old, at) => (at === row ? text : old)));
  return html`<fieldset class="stack close">
    <legend class="label">Template variables, in order</legend>
    ${[...list, ""].map((text, row) => html`
      <${TextField} key=${row} label="Variable ${row + 1}" isLabelUnseen placeholder="Variable ${row + 1}" value=${text}
        onValue=${row < list.length ? put(row) : (first) => onList([...list, first])}
          error=${errors[`content.template_variables.${row}`]} />`)}
  </fieldset>`;
}
