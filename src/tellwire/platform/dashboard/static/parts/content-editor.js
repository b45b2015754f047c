// The text with an @ menu of the properties that events and profiles were seen with lately.
import { html, useId, useRef, useState } from "/static/shared/ui/preact.js";
import { Field } from "/static/shared/ui/fields.js";
import { insertion } from "../mentions.js";
import { boundsOf } from "../vocabulary.js";

const SHOWN = 40; // more than fit; typing narrows
const HINT = "Liquid over Profile and Event. Type @ for a property; {% abort %} sends nothing.";

export function ContentEditor({ text, onText, properties, error }) {
  const area = useRef(null);
  const id = useId();
  const menu = useMenu({ area, text, onText, properties });
  const combo = menu.isOpen ? { "aria-controls": id, "aria-activedescendant": `${id}-${menu.at}` } : {};
  return html`<div class="stack close">
    <${Field} label="Message" error=${error} hint=${HINT}>${(tie) => html`
      <textarea class="textarea" rows="6" ...${boundsOf("content.text")} ref=${area} ...${tie} value=${text}
        aria-autocomplete="list" aria-haspopup="listbox"
        ...${combo} onInput=${menu.onInput} onKeyDown=${menu.onKeyDown} onBlur=${menu.close} />`}<//>
    <div class="menu">
      ${menu.isOpen && html`<${Choices} id=${id} menu=${menu} />`}
      <button type="button" class="button little" aria-haspopup="listbox" onMouseDown=${keepFocus}
        onClick=${menu.open}>@ Insert a property</button>
    </div></div>`;
}

const keepFocus = (event) => event.preventDefault(); // pressing the mouse would take it from the text

const Choices = ({ id, menu }) => html`<ul role="listbox" id=${id} aria-label="Properties">
  ${menu.choices.map((one, at) => html`
  <li role="option" key=${one.space + one.name} id="${id}-${at}" aria-selected=${String(at === menu.at)}
    ref=${(node) => at === menu.at && node?.scrollIntoView({ block: "nearest" })}
    onMouseDown=${(event) => { keepFocus(event); menu.choose(one); }}>
    <span>${one.space}.<b>${one.name}</b></span><span class="muted cut small">${one.sample}</span></li>`)}</ul>`;

/** Where in `value`, before the cursor, an @ with a word after it begins; -1 if there is none. */
function atSign(value, cursor) {
  const at = value.lastIndexOf("@", cursor - 1);
  const isWord = at >= 0 && /^@[\w.]*$/.test(value.slice(at, cursor)) && !/\w/.test(value[at - 1] ?? "");
  return isWord ? at : -1;
}

/** The menu's state: `from` is where the @ stands, null when the button opened it; `at` is the marked choice. */
function useMenu({ area, text, onText, properties }) {
  const [state, setState] = useState(null);
  const sought = state?.from == null ? "" : text.slice(state.from + 1, area.current.selectionStart).toLowerCase();
  const choices = state
    ? properties.filter(({ space, name }) => `${space}.${name}`.toLowerCase().includes(sought)).slice(0, SHOWN) : [];
  const close = () => setState(null);
  const choose = ({ space, name }) => {
    const box = area.current;
    const from = state.from ?? box.selectionStart;
    const piece = insertion(space, name);
    box.focus();
    box.setRangeText(piece.text, from, box.selectionEnd, "end");
    box.setSelectionRange(from + piece.caret, from + piece.caret);
    close();
    onText(box.value);
  };
  const onInput = ({ currentTarget: { value, selectionStart } }) => {
    onText(value);
    const from = atSign(value, selectionStart);
    setState(from < 0 ? null : { from, at: 0 });
  };
  const move = (step) => setState({ ...state, at: (state.at + step + choices.length) % choices.length });
  const act = {
    ArrowDown: () => move(1), ArrowUp: () => move(-1), Escape: close,
    Enter: () => choose(choices[state.at]), Tab: () => choose(choices[state.at]),
  };
  const onKeyDown = (event) => {
    if (!choices.length || !act[event.key]) return;
    event.preventDefault();
    act[event.key]();
  };
  const open = () => { area.current.focus(); setState({ from: null, at: 0 }); };
  return { isOpen: choices.length > 0, at: state?.at, choices, choose, close, open, onInput, onKeyDown };
}
