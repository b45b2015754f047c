// Modal dialogs on the browser's own <dialog>, which keeps the focus inside, closes on Esc and gives it back.
import { html, signal, useLayoutEffect, useId, useRef } from "./preact.js";

export function Dialog({ title, onClose, children }) {
  const box = useRef(null);
  const id = useId();
  useLayoutEffect(() => { box.current.showModal(); }, []);
  const outside = (event) => { if (event.target === box.current) onClose(); };
  return html`<dialog ref=${box} aria-labelledby=${id} onClose=${onClose} onClick=${outside}>
    <div class="inside"><h2 id=${id}>${title}</h2>${children}</div></dialog>`;
}

const asked = signal(null);

/** Asks a yes-or-no question; resolves to whether the answer was yes. */
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
      <button type="button" class="button" onClick=${() => answer(false)}>${question.no}</button>
      <button type="button" class="button primary ${question.isDangerous ? "danger" : ""}" onClick=${() => answer(true)}>${question.yes}</button>
    </div><//>`;
}
