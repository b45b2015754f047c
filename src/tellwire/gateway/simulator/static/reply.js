// What is written on a phone: to whom, and the text.
import { html, useLayoutEffect, useRef, useState } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { post } from "./use-phone.js";

const TALLEST_PX = 120;
const CAN_BE_ANSWERED = /^\+?[0-9]{3,16}$/; // names cannot

/** The last number that wrote, or the one that this simulator answers by. */
const suggested = (phone) =>
  phone?.messages.findLast(({ source }) => CAN_BE_ANSWERED.test(source))?.source ?? phone?.reply_to ?? "";

/** A text as tall as it is. */
function Text({ value, onValue }) {
  const box = useRef(null);
  useLayoutEffect(() => {
    box.current.style.height = "auto";
    box.current.style.height = `${Math.min(box.current.scrollHeight, TALLEST_PX)}px`;
  }, [value]);
  const press = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form.requestSubmit();
  };
  return html`<label class="unseen" for="text">Text</label>
    <textarea id="text" class="textarea" rows="1" maxlength="1530" placeholder="Text message" required ref=${box}
      value=${value} onInput=${(event) => onValue(event.currentTarget.value)} onKeyDown=${press} />`;
}

export function Reply({ base, phone, said, onSaid }) {
  const [to, setTo] = useState(null); // null: the one suggested
  const isChosen = useRef(false);
  const [text, setText] = useState("");
  const [isSending, setSending] = useState(false);
  const form = useRef(null);
  const other = to ?? suggested(phone);
  const choose = (event) => { isChosen.current = event.currentTarget.value !== ""; setTo(event.currentTarget.value); };

  const send = async (event) => {
    event.preventDefault();
    if (isSending) return; // Ctrl+Enter submits past a disabled button
    setSending(true);
    const failure = await post(`${base}/reply`, { to: other.replace(/\s/g, ""), text });
    setSending(false);
    onSaid(failure);
    if (failure) return;
    setText((now) => (now === text ? "" : now)); // what was typed meanwhile is the next text
    const button = form.current.querySelector("button");
    if ([button, document.body].includes(document.activeElement)) form.current.elements.text.focus(); // nobody moved on
  };
  return html`<form class="reply" autocomplete="off" ref=${form} onSubmit=${send}>
    <label class="to">To <input inputmode="tel" pattern="\\+?[0-9]{3,16}" placeholder="number or short code" required
      value=${other} onFocus=${() => setTo(other)} onBlur=${() => isChosen.current || setTo(null)}
      onInput=${choose} /></label>
    <div class="write"><${Text} value=${text} onValue=${setText} />
      <button class="button primary square" aria-label="Send" title="Send (Ctrl+Enter)"
        disabled=${!phone?.on || isSending}><${Icon} name="up" /></button></div>
    <p class="small said" role="alert">${said}</p></form>`;
}
