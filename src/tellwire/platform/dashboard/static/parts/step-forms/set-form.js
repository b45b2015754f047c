// A step that changes properties of the person.
import { html, useEffect, useState } from "/static/shared/ui/preact.js";
import { Wrong } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { isSame, put } from "../../document/tree.js";
import { mistakeAt } from "../editor/at.js";
import { NamedField } from "../editor/named-field.js";

const ACTIONS = [["put", "becomes"], ["increment", "grows by"], ["add", "gets the item"], ["remove", "loses the item"],
  ["clear", "is taken away"]];
const actionOf = (change) => (change === null ? "clear" : typeof change === "object" ? Object.keys(change)[0] : "put");
const textOf = (change) => {
  if (change === null) return "";
  return String(typeof change === "object" ? Object.values(change)[0] : change);
};

/** What a property gets; a number stays a number where one stood. */
function changeOf(action, text, before) {
  if (action === "clear") return null;
  if (action === "increment") return { increment: Number(text) || 0 };
  if (action !== "put") return { [action]: text };
  return typeof before === "number" && text !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
}

const objectOf = (rows) => Object.fromEntries(rows.filter(([name]) => name.trim()));

export function SetForm({ changes, onChanges, path, known, errors }) {
  const [rows, setRows] = useState(Object.entries(changes).length ? Object.entries(changes) : [["", ""]]);
  useEffect(() => { // they became others elsewhere, as by undo
    if (!isSame(objectOf(rows), changes)) setRows(Object.entries(changes));
  }, [JSON.stringify(changes)]);
  const write = (next) => {
    setRows(next);
    if (!isSame(objectOf(next), changes)) onChanges(objectOf(next));
  };
  const row = ([name, change], at) => {
    const set = (next) => write(put(rows, String(at), next));
    const action = actionOf(change);
    return html`<div class="condition" key=${at}>
      <${NamedField} label="Property ${at + 1}" isLabelUnseen placeholder="Property" names=${known.profile}
        value=${name} onValue=${(text) => set([text, change])} path="${path}.${name}"
        error=${mistakeAt(errors, `${path}.${name}`)} />
      <select class="select" aria-label="What becomes of property ${at + 1}" value=${action}
        onChange=${(event) => set([name, changeOf(event.currentTarget.value, textOf(change), "")])}>
        ${ACTIONS.map(([key, word]) => html`
          <option key=${key} value=${key} selected=${key === action}>${word}</option>`)}
      </select>
      ${action === "clear" ? html`<span />` : html`<input class="input" aria-label="Value of property ${at + 1}"
        autocomplete="off" type=${action === "increment" ? "number" : "text"} step="any" value=${textOf(change)}
        onInput=${(event) => set([name, changeOf(action, event.currentTarget.value, change)])} />`}
      <button type="button" class="button quiet square" aria-label="Remove property ${at + 1}"
        onClick=${() => write(put(rows, String(at), undefined))}><${Icon} name="cross" /></button></div>`;
  };
  return html`<div class="stack close" data-path=${path}>${rows.map(row)}
    ${errors[path] && html`<${Wrong}>${errors[path]}<//>`}
    <div><button type="button" class="button little" onClick=${() => write([...rows, ["", ""]])}>
      <${Icon} name="plus" size=${13} />Add a property</button></div></div>`;
}
