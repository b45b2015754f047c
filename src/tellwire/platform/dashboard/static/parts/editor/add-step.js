// A button that adds a step: with the kinds of steps to choose from.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { MenuButton } from "/static/shared/ui/menu-button.js";
import { KINDS } from "../steps/kinds.js";

/** `onKind` gets the chosen kind, of kinds.js. */
export const AddStep = ({ label, onKind }) => html`<${MenuButton} side="start" class="button little"
  button=${html`<${Icon} name="plus" size=${13} />${label}`}
  items=${KINDS.map((kind) => ({ name: kind.name, run: () => onKind(kind) }))} />`;
