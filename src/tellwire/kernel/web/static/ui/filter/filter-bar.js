// What a list is filtered by, as chips: each is changed by a click on it, and taken away by its cross. They keep their
// places, so that none moves while it is being changed.
import { html, useId } from "../preact.js";
import { Icon } from "../icons.js";
import { Popover } from "../popover.js";
import { termWords, typed, withTerm } from "./terms.js";

/**
 * `terms` are what the page's address holds (`termsOf(here.value.query, fields)`), `onTerms` puts them there.
 * `text` and `onText` are the words looked for; typed words that name a field (`state:running`) become chips on Enter.
 * Without `onText` there is no place to type.
 */
export function FilterBar({ fields, terms, onTerms, text = "", onText, label = "Filter", placeholder = label,
  children }) {
  const put = (term) => onTerms(withTerm(terms, term));
  const submit = (event) => {
    event.preventDefault();
    const { terms: more, rest } = typed(text, fields);
    if (!more.length) return;
    onTerms(more.reduce(withTerm, terms));
    onText(rest);
  };
  const termFor = ({ key }) => terms.find((term) => term.key === key);
  return html`<form class="k-filter" role="search" aria-label=${label} onSubmit=${submit}>
    ${onText && html`<label class="k-search"><span class="k-unseen">${label}</span><${Icon} name="search" size=${14} />
      <input class="k-search-input" type="search" data-search autocomplete="off" spellcheck=${false}
        placeholder=${placeholder} value=${text} onInput=${(event) => onText(event.currentTarget.value)} />
      <kbd aria-hidden="true">/</kbd></label>`}
    ${fields.map((field) => html`<${Chip} key=${field.key} term=${termFor(field)} ...${{ field, put }} />`)}
    ${children}</form>`;
}

/** A field with what it is filtered by, or with a plus while it is not. */
function Chip({ term, field, put }) {
  const drop = () => put({ ...term, values: [] });
  const button = term ? html`<span>${field.name}:</span> <strong class="k-cut">${termWords(term, field)}</strong>`
    : html`<${Icon} name="plus" size=${11} />${field.name}`;
  return html`<span class="k-chip ${term ? "k-on" : ""}">
    <${Popover} class="k-chip-button" button=${button}>${(close) => html`<div class="k-filter-box">
      <${Editor} field=${field} values=${term?.values ?? []} close=${close}
        onValues=${(values) => put({ key: field.key, values })} /></div>`}<//>
    ${term && html`<button type="button" class="k-chip-cross" aria-label="Remove the filter ${field.name}"
      onClick=${drop}><${Icon} name="cross" size=${11} /></button>`}</span>`;
}

function Editor({ field, values, onValues, close }) {
  if (field.kind === "choice") return html`<${Options} ...${{ field, values, onValues }} />`;
  const done = (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    close();
  };
  const Kind = field.kind === "number" ? Ends : Words;
  return html`<div onKeyDown=${done}><${Kind} ...${{ field, values, onValues }} /></div>`;
}

const Options = ({ field, values, onValues }) => html`<fieldset class="k-columns">
  <legend class="k-unseen">${field.name}</legend>
  ${field.options.map(([key, word]) => html`<label key=${key} class="k-check">
    <input type="checkbox" checked=${values.includes(key)} onChange=${() => onValues(values.includes(key)
      ? values.filter((one) => one !== key) : [...values, key])} />${word}</label>`)}</fieldset>`;

function Words({ field, values, onValues }) {
  const id = useId();
  return html`<div class="field"><label for=${id}>${field.name} contains</label>
    <input id=${id} class="input" type="text" autocomplete="off" value=${values[0] ?? ""}
      onInput=${(event) => onValues([event.currentTarget.value])} /></div>`;
}

function Ends({ field, values: [least = "", most = ""], onValues }) {
  const id = useId();
  const input = (name, place, value, onValue) => html`<div class="field"><label for="${id}-${place}">${name}</label>
    <input id="${id}-${place}" class="input k-number" type="number" inputmode="decimal" value=${value}
      onInput=${(event) => onValue(event.currentTarget.value)} /></div>`;
  return html`<div class="k-ends">${input("At least", "least", least, (value) => onValues([value, most]))}
    ${input("At most", "most", most, (value) => onValues([least, value]))}
    ${field.unit && html`<span class="k-muted">${field.unit}</span>`}</div>`;
}
