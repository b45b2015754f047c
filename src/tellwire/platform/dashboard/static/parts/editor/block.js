// One foldable block of the editor: folded, it says in a sentence what is in it.
import { html, useId } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";

/** `isWrong` marks a block in which something must be mended. */
export function Block({ name, title, words, isOpen, isWrong, onToggle, children }) {
  const id = useId();
  const path = name === "what" ? "steps" : undefined;
  return html`<section class="card block" aria-labelledby="${id}-title" data-path=${path}>
    <h2 class="block-head"><button type="button" id="${id}-title" aria-expanded=${String(isOpen)}
      aria-controls="${id}-body" aria-describedby=${isOpen ? undefined : `${id}-words`} onClick=${onToggle}>
      <${Icon} name=${isOpen ? "down" : "chevron"} size=${13} />${title}
      ${isWrong && html`<${Icon} name="warning" size=${14} label="Something is to be mended here" />`}</button></h2>
    ${!isOpen && html`<p class="block-words muted break" id="${id}-words" onClick=${onToggle}>${words}</p>`}
    <div id="${id}-body" class="body" hidden=${!isOpen}>${isOpen && children}</div></section>`;
}
