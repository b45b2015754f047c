// A dialog with what is shown once.
import { html } from "/static/shared/ui/preact.js";
import { Dialog } from "/static/shared/ui/dialog.js";
import { Icon } from "/static/shared/ui/icons.js";

/** What the browser shows once and nobody can show again. */
export function Secret({ title, secret, children, onClose }) {
  return html`<${Dialog} title=${title} onClose=${onClose} isForm=${true}><div class="secret">
    <div class="banner warn"><${Icon} name="warning" />
      <p class="grow">Copy it now: it is shown this once and is not kept in readable form.</p></div>
    ${secret}${children}</div>
    <div class="actions"><button type="button" class="button primary" onClick=${onClose}>Done</button></div><//>`;
}
