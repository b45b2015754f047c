// Copying to the clipboard, with a word that it worked; falls back to selecting where the clipboard is not allowed.
import { html, useRef, useState } from "./preact.js";
import { Icon } from "./icons.js";
import { toast } from "./toast.js";

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // plain http on a foreign host has no clipboard
  }
}

export function CopyButton({ text, label = "Copy", what = "" }) {
  const [isDone, setDone] = useState(false);
  const timer = useRef(0);
  const run = async () => {
    if (!(await copy(text))) return toast(
      "The browser does not allow copying here: select the text and copy it yourself.");
    setDone(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setDone(false), 1600);
  };
  return html`<button type="button" class="button little" onClick=${run}
    aria-label=${what ? `${label} ${what}` : undefined}>
    <${Icon} name=${isDone ? "check" : "copy"} size=${13} /><span aria-live="polite">${isDone ? "Copied" : label}</span>
      </button>`;
}

export const Code = ({ text, label, isCopyable = true }) => html`<div class="code">
  <pre tabindex="0" role="region" aria-label=${label}><code>${text}</code></pre>
  ${isCopyable && html`<${CopyButton} text=${text} what=${label} />`}</div>`;
