// An address that leads nowhere.
import { html } from "/static/shared/ui/preact.js";
import { Missing } from "/static/shared/ui/missing.js";
import { OVERVIEW } from "../places.js";

export default () => html`<${Missing} home=${OVERVIEW} name="the overview" />`;
