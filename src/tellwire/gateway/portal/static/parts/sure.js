// Doing something that the server may refuse, and asking before it when it cannot be undone.
import { ask } from "/static/shared/ui/dialog.js";
import { html } from "/static/shared/ui/preact.js";
import { toast } from "/static/shared/ui/toast.js";

/** Does it, and says `done`, or why not. */
export const tried = (doing, done) => doing().then(() => toast(done), (problem) => toast(problem.message));

/** Asks first; then does it, and says `done`, or why not. Resolves with whether it was tried. */
export async function sure({ title, body, yes = "Delete", doing, done }) {
  if (!(await ask({ title, body: html`<p>${body}</p>`, yes, isDangerous: true }))) return false;
  await tried(doing, done);
  return true;
}
