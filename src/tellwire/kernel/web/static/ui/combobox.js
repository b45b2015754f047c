// One of many, found by typing: a text field with the list of what fits below it.
import { html, useId, useLayoutEffect, useRef, useState } from "./preact.js";
import { Field } from "./fields.js";
import { Icon } from "./icons.js";
import { Marked } from "./marked.js";
import { useBeside } from "./popover.js";
import { useFound } from "./use-found.js";

const LIMIT = 50; // more is found by typing more

const nameOf = (options, value) =>
  (Array.isArray(options) && options.find((one) => one.value === value)?.name) || value;

/** The place that a key leads to among `count` options. */
function placeFor(key, at, count) {
  if (!count) return -1;
  if (key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowUp") return at <= 0 ? count - 1 : at - 1;
  return null;
}

/**
 * `options` are `{value, name, hint?, words?}`, or a function of the typed words and an abort signal that finds them.
 * `onValue(value, option)`; with `isFree` what was typed is a value too, with `isLive` at each key. `none` says what to
 * do where nothing fits; `rest` are attributes of the field.
 */
export function Combobox({ label, hint, error, optional, isLabelUnseen, options, value, onValue, isFree = false,
  isLive = false, placeholder, none = "Nothing fits. Type fewer letters.", ...rest }) {
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState(null); // null: nothing since it was opened, and the chosen one's name stands there
  const [at, setAt] = useState(-1);
  const [input, box] = [useRef(null), useRef(null)];
  const id = useId();
  const { items, isBusy, error: trouble } = useFound(options, typed ?? "", LIMIT, isOpen);
  const open = (text) => { setOpen(true); setTyped(text); setAt(-1); };
  const close = () => { setOpen(false); setTyped(null); };
  const choose = (option) => {
    close();
    onValue(option.value, option);
  };
  const type = (event) => {
    open(event.currentTarget.value);
    if (isFree && isLive) onValue(event.currentTarget.value);
  };
  const leave = () => {
    if (typed !== null && isFree) onValue(typed.trim());
    else if (typed === "" && optional) onValue("");
    close();
  };
  useLayoutEffect(() => {
    if (isOpen) box.current.showPopover();
    else if (box.current.matches(":popover-open")) box.current.hidePopover();
  }, [isOpen]);
  useBeside(isOpen, box, input, { isAsWide: true });
  useLayoutEffect(() => {
    box.current.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const press = (event) => {
    const place = placeFor(event.key, at, items.length);
    if (["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      if (isOpen) setAt(place);
      else open(null);
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      const option = items[at] ?? (typed && !isFree ? items[0] : null);
      if (option) choose(option);
      else leave();
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close();
    }
  };
  return html`<${Field} ...${{ label, hint, error, optional, isLabelUnseen }}>${(tie) => html`
    <div class="k-combo"><input ref=${input} class="input" type="text" role="combobox" autocomplete="off"
        spellcheck=${false} ...${rest} ...${tie} placeholder=${placeholder} aria-expanded=${String(isOpen)}
        aria-autocomplete="list" aria-controls="${id}-list"
        aria-activedescendant=${isOpen && at >= 0 ? `${id}-${at}` : undefined}
        value=${(isLive ? null : typed) ?? nameOf(options, value) ?? ""} onInput=${type}
        onClick=${() => isOpen || open(null)} onFocus=${(event) => event.currentTarget.select()}
        onKeyDown=${press} onBlur=${leave} />
      <${Icon} name="down" size=${13} />
      <div ref=${box} class="k-popover k-list" popover="manual" onMouseDown=${(event) => event.preventDefault()}>
        <ul role="listbox" id="${id}-list" aria-label="Choices">${isOpen && items.map((option, k) => html`
          <li role="option" key=${option.value} id="${id}-${k}" class="k-option" aria-selected=${String(k === at)}
            onClick=${() => choose(option)}>
            <span class="k-grow k-cut"><${Marked} text=${option.name} marks=${option.marks} /></span>
            ${option.hint && html`<span class="k-menu-hint">${option.hint}</span>`}
            ${option.value === value && html`<${Icon} name="check" size=${13} />`}</li>`)}</ul>
        <p class="k-list-word" role="status">
          ${isOpen && !items.length ? (trouble?.message ?? (isBusy ? "Looking…" : none)) : ""}</p></div></div>`}<//>`;
}
