// Every page of the dashboard in one list.
import { html } from "/static/shared/ui/preact.js";
import { Menu } from "/static/shared/ui/menu.js";
import { GROUPS } from "../places.js";

export default () => html`<${Menu} groups=${GROUPS} />`;
