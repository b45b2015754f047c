// A button that adds a step: with the kinds of steps to choose from.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { MenuButton } from "/static/shared/ui/menu-button.js";
import { STEP_KINDS } from "../../document/steps.js";

/** `onKind` gets the chosen kind; with `isIcon` the label is only heard. */
export const AddStep = ({ label, onKind, isIcon = false }) => html`<${MenuButton} side=${isIcon ? "end" : "start"}
  class=${isIcon ? "button quiet square little" : "button little"}
  button=${html`<${Icon} name="plus" size=${13} /><span class=${isIcon ? "unseen" : ""}>${label}</span>`}
  items=${STEP_KINDS.map(([kind, name]) => ({ name, run: () => onKind(kind) }))} />`;
