// The texts on a phone, the newest below; those of one sender that came together stand together.
import { html, useLayoutEffect, useRef } from "/static/shared/ui/preact.js";
import { Time } from "/static/shared/ui/time.js";
import { count, encodingName, timeOfDay } from "/static/shared/ui/words.js";

const GAP_MS = 5 * 60_000; // texts of one sender within this stand together
const NEAR_PX = 60; // who reads so near to the end is taken along to what comes

const keyOf = (message) => `${message.umid} ${message.received_at} ${message.direction}`;

const isNewTalk = (message, before) => !before || before.source !== message.source
  || before.direction !== message.direction
  || Date.parse(message.received_at) - Date.parse(before.received_at) > GAP_MS;

function Bubble({ message, before, isNew }) {
  const side = message.direction === "out" ? "out" : "";
  return html`
    ${isNewTalk(message, before) && html`<p class="from ${side}">${side && "to "}${message.source}</p>`}
    <div class="bubble ${side} ${isNew ? "new" : ""}">${message.text}</div>
    <p class="meta ${side}"><${Time} at=${message.received_at} as=${timeOfDay} /> · ${encodingName(message.encoding)},
      ${" "}${count(message.parts.length, "part")}</p>`;
}

/** `messages` is null until they are known. What is new is added, so that a screen reader says it once. */
export function Thread({ messages }) {
  const box = useRef(null);
  const isAtEnd = useRef(true);
  const known = useRef(null);
  const shown = messages ?? [];
  useLayoutEffect(() => {
    if (messages) known.current = new Set(messages.map(keyOf));
    if (isAtEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [messages]);
  const note = () => {
    const { scrollHeight, scrollTop, clientHeight } = box.current;
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
  };
  return html`<div class="thread" role="log" aria-live="polite" aria-label="Messages" tabindex="0" ref=${box}
    onScroll=${note}>
    ${messages && !shown.length && html`<p class="none">No texts yet. They appear here as they arrive.</p>`}
    ${shown.map((message, at) => html`<${Bubble} key=${keyOf(message)} message=${message} before=${shown[at - 1]}
      isNew=${known.current && !known.current.has(keyOf(message))} />`)}</div>`;
}
