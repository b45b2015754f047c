// A short table of one kind of thing, under its name and the button that makes another.
import { Icon } from "/static/shared/ui/icons.js";
import { html } from "/static/shared/ui/preact.js";
import { Table } from "/static/shared/ui/table/table.js";

/** `add` is what the button says and does, null without one; `none` is a sentence for no rows. */
export const NamedTable = ({ name, rows, columns, idOf, none, add, height = "none" }) => html`<${Table}
  ...${{ name, rows, columns, idOf, height }} hasTools=${false} boneRows=${3}
  tools=${html`<h2>${name}</h2>${add && html`<button type="button" class="button little k-push" onClick=${add[1]}>
    <${Icon} name="plus" size=${13} />${add[0]}</button>`}`}
  empty=${html`<p class="empty small">${none}</p>`} />`;
