// Finds objects, pages and things to do by their names, and opens or does them; palette-door.js opens it by Ctrl K.
import { html, useEffect, useId, useLayoutEffect, useRef, useState } from "../preact.js";
import { Icon } from "../icons.js";
import { Marked } from "../marked.js";
import { go } from "../router.js";
import { useFound } from "../use-found.js";

const EACH = 6; // of one source: more is found by typing more

/**
 * `sources` are the application's: `{name, items}`, where `items` is a list (pages, verbs) or a function of the typed
 * words and an abort signal that asks the server (people, campaigns). An item is
 * `{name, hint?, icon?, words?, href? | run?}`; `words` finds it too. `first` is what was typed already;
 * `onClose` hears that it is done with.
 */
export function Palette({ sources, first = "", onClose }) {
  const [words, setWords] = useState(first);
  const [at, setAt] = useState(0);
  const box = useRef(null);
  const id = useId();
  // The same sources at every turn, so the same hooks.
  const groups = sources.map((source) => ({ name: source.name, ...useFound(source.items, words, EACH) }));
  const items = groups.flatMap((group) => group.items.map((item) => ({ ...item, item })));
  const chosen = Math.min(at, items.length - 1);
  const isBusy = groups.some((group) => group.isBusy);
  const trouble = groups.find(({ error }) => error)?.error;
  useLayoutEffect(() => { box.current.showModal(); }, []);
  useEffect(() => {
    box.current.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const act = (item) => {
    onClose();
    if (item.href) go(item.href);
    else item.run();
  };
  const press = (event) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && items.length) {
      event.preventDefault();
      setAt((chosen + move + items.length) % items.length);
    } else if (event.key === "Enter" && items[chosen]) {
      event.preventDefault();
      act(items[chosen]);
    }
  };
  const outside = (event) => { if (event.target === box.current) onClose(); };
  return html`<dialog ref=${box} class="k-palette" aria-label="Find" onClose=${onClose} onClick=${outside}>
    <div class="k-palette-head"><${Icon} name="search" /><input class="k-palette-input" type="text" role="combobox"
      aria-label="Find a page, an object or something to do" aria-expanded="true" aria-controls="${id}-list"
      aria-autocomplete="list" aria-activedescendant=${items.length ? `${id}-${chosen}` : undefined} autocomplete="off"
      spellcheck=${false} placeholder="Type a name, a number, or what to do" value=${words} onKeyDown=${press}
      onInput=${(event) => { setWords(event.currentTarget.value); setAt(0); }} /><kbd aria-hidden="true">Esc</kbd></div>
    <div class="k-palette-list" role="listbox" id="${id}-list" aria-label="Found" tabindex="-1">
      ${groups.filter((group) => group.items.length).map((group) => html`
        <div role="group" key=${group.name} aria-labelledby="${id}-${group.name}">
          <p class="k-palette-group" id="${id}-${group.name}">${group.name}</p>
          ${group.items.map((item) => {
            const place = items.findIndex((one) => one.item === item);
            return html`<div role="option" id="${id}-${place}" key=${item.name + (item.href ?? "")} class="k-option"
              aria-selected=${String(place === chosen)} onClick=${() => act(item)}
              onPointerMove=${() => place === chosen || setAt(place)}>
              <${Icon} name=${item.icon ?? "arrow"} size=${14} /><span class="k-grow k-cut">
              <${Marked} text=${item.name} marks=${item.marks} /></span>
              ${item.hint && html`<span class="k-menu-hint k-cut">${item.hint}</span>`}</div>`;
          })}</div>`)}</div>
    <p class="k-palette-word" role="status">${items.length ? "" : trouble?.message
      ?? (isBusy ? "Looking…" : `Nothing is called “${words}”. Try a page, a name or a whole number.`)}</p>
    </dialog>`;
}
