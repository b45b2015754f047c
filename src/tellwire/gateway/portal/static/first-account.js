// What pages say that need an account while there is none.
import { html } from "/static/shared/ui/preact.js";
import { Empty } from "/static/shared/ui/states.js";
import { SUBACCOUNTS } from "./places.js";

export const FirstAccount = () => html`<${Empty} title="First an account">
  <p>An account is a customer of the gateway, and its subaccounts are what programs post to. Make one, and come
  back.</p><a class="button primary" href=${SUBACCOUNTS}>Make an account</a><//>`;
