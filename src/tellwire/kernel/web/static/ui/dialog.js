// Modal dialogs on the browser's own <dialog>, which keeps the focus inside, closes on Esc and gives it back.
import { html, signal, useLayoutEffect, useId, useRef } from "./preact.js";

/** `isForm`: holds what somebody typed, so that a click beside it does not throw that away. */
export function Dialog({ title, onClose, isForm = false, children }) {
  const box = useRef(null);
  const pressed = useRef(null); // a text marked to beyond the edge ends in a click outside that was none
  const id = useId();
  useLayoutEffect(() => { box.current.showModal(); }, []);
  const press = (event) => { pressed.current = event.target; };
  const outside = (event) => {
    if (!isForm && event.target === box.current && pressed.current === box.current) onClose();
  };
  return html`<dialog ref=${box} aria-labelledby=${id} onClose=${onClose} onPointerDown=${press} onClick=${outside}>
    <div class="inside"><h2 id=${id}>${title}</h2>${children}</div></dialog>`;
}

const asked = signal(null);

/**
 * Asks a yes-or-no question; resolves to whether the answer was yes. Without `no` it only tells something.
 * @param {{title?: string, body: unknown, yes?: string, no?: string, isDangerous?: boolean}} question
 * @returns {Promise<boolean>}
 */
export function ask({ title, body, yes, no = "Cancel", isDangerous = false }) {
  return new Promise((resolve) => {
    asked.value?.resolve(false);
    asked.value = { title, body, yes, no, isDangerous, resolve };
  });
}

function answer(is) {
  const question = asked.value;
  asked.value = null;
  question?.resolve(is);
}

export function Questions() {
  const question = asked.value;
  if (!question) return null;
  return html`<${Dialog} title=${question.title} onClose=${() => answer(false)}>
    <div class="stack close">${question.body}</div>
    <div class="actions">
      ${question.no && html`<button type="button" class="button" onClick=${() => answer(false)}>${question.no}
        </button>`}
      <button type="button" class="button primary ${question.isDangerous ? "danger" : ""}"
        onClick=${() => answer(true)}>${question.yes}</button>
    </div><//>`;
}
