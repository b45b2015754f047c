// An address that leads nowhere.
import { html } from "/static/shared/ui/preact.js";
import { Missing } from "/static/shared/ui/missing.js";
import { LIVE } from "../places.js";

export default () => html`<${Missing} home=${LIVE} name="Live" />`;
