// Conditions on the properties of an event, all of which must hold; and the controls of one condition, for rules too.
import { html, useLayoutEffect, useRef } from "/static/shared/ui/preact.js";
import { Wrong } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import {
  comparisonOf, isPlainCondition, shownValues, withOneMore, withOperator, withValue,
} from "../../document/comparison.js";
import { put } from "../../document/tree.js";
import { operatorChoices, valuesOf } from "../../vocabulary.js";
import { mistakeAt } from "./at.js";
import { NamedField } from "./named-field.js";
import { RawPart } from "./raw-part.js";

const bad = (why) => (why ? "true" : undefined);

/** The property, the operator and the values of a condition; `of` names it for who hears it ("condition 1"). */
export function Comparison({ form, name, of, known, onForm, errors, path }) {
  const wrong = (member) => errors[`${path}.${member}`];
  const { operator } = comparisonOf(form);
  const value = mistakeAt(errors, `${path}.${operator}`) ?? wrong("value");
  return html`
    <${NamedField} label="Property of ${of}" isLabelUnseen placeholder="Property" names=${known} path="${path}.${name}"
      value=${form[name] ?? ""} onValue=${(text) => onForm({ ...form, [name]: text })} data-name
      error=${wrong(name)} />
    <select class="select" aria-label="Operator of ${of}" aria-invalid=${bad(wrong("operator"))} value=${operator}
      onChange=${(event) => onForm(withOperator(form, event.currentTarget.value))}>
      ${operatorChoices().map(([key, word]) => html`
        <option key=${key} value=${key} selected=${key === operator}>${word}</option>`)}</select>
    <${Values} ...${{ form, of, onForm, error: value, operator }} path="${path}.${operator}" />`;
}

function Values({ form, of, onForm, error, operator, path }) {
  const most = valuesOf(operator);
  if (most === 0) return html`<span />`;
  const shown = shownValues(form);
  const placeholder = (at) => (most === 2 ? ["from", "and"][at] : at ? "or" : "Value");
  return html`<div class="values" data-path=${path}>${shown.map((text, at) => html`<div class="joined" key=${at}>
    <input class="input" aria-label="Value ${at + 1} of ${of}" placeholder=${placeholder(at)} autocomplete="off"
      aria-invalid=${bad(error)} value=${text}
      onInput=${(event) => onForm(withValue(form, at, event.currentTarget.value))} />
    ${most > 2 && at === shown.length - 1 && html`<button type="button" class="button"
      aria-label="or another value for ${of}" onClick=${() => onForm(withOneMore(form))}>or</button>`}</div>`)}
    ${error && html`<${Wrong}>${error}<//>`}</div>`;
}

/** A list of conditions; `add` is what the button says that makes another. */
export function ConditionRows({ legend, hint, list = [], onList, known, errors, path, of = "condition",
  add = "Add a condition", isLegendUnseen = false }) {
  const box = useRef(null);
  const isNew = useRef(false);
  useLayoutEffect(() => { // before the next key arrives
    if (isNew.current) [...box.current.querySelectorAll("[data-name]")].at(-1)?.focus();
    isNew.current = false;
  });
  const append = () => { isNew.current = true; onList([...list, { property: "", equals: "" }]); };
  const drop = (row) => {
    onList(put(list, String(row), undefined));
    box.current.querySelector("[data-add]").focus();
  };
  const draw = (form, row) => {
    const place = `${path}.${row}`;
    const name = `${of} ${row + 1}`;
    const onForm = (next) => onList(put(list, String(row), next));
    return html`<div class=${isPlainCondition(form) ? "condition" : "condition whole-row"} key=${row}>
      ${isPlainCondition(form)
        ? html`<${Comparison} ...${{ form, known, onForm, errors }} of=${name} name="property" path=${place} />`
        : html`<${RawPart} label=${name} value=${form} onValue=${onForm} path=${place} error=${errors[place]} />`}
      <button type="button" class="button quiet square" aria-label="Remove ${name}" onClick=${() => drop(row)}>
        <${Icon} name="cross" /></button>
      ${errors[place] && isPlainCondition(form) && html`<${Wrong}>${errors[place]}<//>`}</div>`;
  };
  return html`<fieldset class="stack close" ref=${box} data-path=${path}>
    <legend class=${isLegendUnseen && !list.length ? "unseen" : "label"}>${legend}</legend>
    ${hint && html`<p class="hint">${hint}</p>`}
    ${list.map(draw)}
    ${errors[path] && html`<${Wrong}>${errors[path]}<//>`}
    <div><button type="button" data-add class="button little" onClick=${append}><${Icon} name="plus" size=${13} />${add}
      </button></div></fieldset>`;
}
