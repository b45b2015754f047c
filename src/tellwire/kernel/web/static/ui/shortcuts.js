// Keys that work everywhere: "/" to the page's search, "g" and a letter to go somewhere, "?" for this list.
import { html } from "./preact.js";
import { ask } from "./dialog.js";
import { go } from "./router.js";

const CHORD_MS = 1200; // "g" waits this long for its letter

const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog");

const help = (places) => ask({
  title: "Keys",
  body: html`<dl class="facts"><dt><kbd>/</kbd></dt><dd>To the search of this page</dd>
    <dt><kbd>Ctrl</kbd> <kbd>K</kbd></dt><dd>Find a page, an object or something to do</dd>
    ${places.map(([, , name, , , key]) => html`<dt key=${key}><kbd>g</kbd> <kbd>${key}</kbd></dt><dd>${name}</dd>`)}
    <dt><kbd>Esc</kbd></dt><dd>Close what is open</dd></dl>`,
  yes: "Close", no: null,
});

/** Listens from now on; `groups` is the table of places that the shell shows. */
export function startShortcuts(groups) {
  const places = groups.flatMap(([, group]) => group).filter(([, , , , , key]) => key);
  let goneAt = -CHORD_MS;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    const isChord = event.timeStamp - goneAt < CHORD_MS;
    goneAt = event.key === "g" ? event.timeStamp : -CHORD_MS;
    const place = isChord && places.find(([, , , , , key]) => key === event.key);
    if (place) return void go(place[0]);
    /** @type {HTMLInputElement} */
    const search = event.key === "/" && document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select?.();
    } else if (event.key === "?") help(places);
  });
}
