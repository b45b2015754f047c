// Erasing a person: what goes, what stays, and the receipt.
import { html, useState } from "/static/shared/ui/preact.js";
import { TextField } from "/static/shared/ui/fields.js";
import { FormDialog } from "/static/shared/ui/form/form.js";
import { go } from "/static/shared/ui/router.js";
import { toast } from "/static/shared/ui/toast.js";
import { del } from "../api.js";
import { PEOPLE } from "../places.js";

export function EraseDialog({ person, onClose }) {
  const rules = useState(() => [["typed", (text) => (text.trim() === person.identity ? ""
    : `Write ${person.identity}, so that nobody else is erased.`)]])[0];
  const save = async () => {
    const receipt = await del(`/people/${encodeURIComponent(person.identity)}`);
    toast(`Erased. The receipt is ${receipt.id}.`);
    onClose();
    go(PEOPLE);
  };
  return html`<${FormDialog} title="Erase this person?" first=${{ typed: "" }} rules=${rules} save=${save}
    verb="Erase for good" onClose=${onClose} draw=${(values, set, errors) => html`
      <p>Their profile, what they did, their messages with number and text, links, replies, and their places in
        campaigns and on lists are erased everywhere. Nothing of that can be brought back.</p>
      <p>Sums stay, as they name nobody, and so does that a number must not be written to. Copies in backups go when
        the backups do.</p>
      <${TextField} label="Their identity, to be sure" value=${values.typed} error=${errors.typed} autocomplete="off"
        onValue=${(typed) => set({ typed })} />`} />`;
}
