// What subaccounts own on the network: sender IDs, virtual numbers, SMPP logins.
import { html } from "/static/shared/ui/preact.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { useData } from "../data.js";
import { FirstAccount } from "../first-account.js";
import { SenderIds } from "../parts/sender-ids.js";
import { SmppLogins } from "../parts/smpp-logins.js";
import { VirtualNumbers } from "../parts/virtual-numbers.js";
import { Page } from "../shell.js";

export default function SendersPage() {
  const numbers = useData("/numbers", ["numbers", "messages"]); // binds come and go with traffic
  const accounts = useData("/accounts", ["accounts", "subaccounts"]);
  const error = numbers.error ?? accounts.error;
  const subaccounts = (accounts.data?.subaccounts ?? []).map(({ id }) => id);
  const shared = { data: numbers.data, subaccounts, reload: numbers.reload };
  return html`<${Page} title="Senders and numbers"
    lead="What subaccounts send from, what handsets can reply to, and who may bind over SMPP.">
    ${error && html`<${Failure} error=${error} retry=${() => { numbers.reload(); accounts.reload(); }} />`}
    ${!numbers.data ? !error && html`<div class="card"><${Bones} rows=${6} /></div>`
      : accounts.data && !subaccounts.length ? html`<div class="card"><${FirstAccount} /></div>`
      : html`<${SenderIds} ...${shared} /><${VirtualNumbers} ...${shared} /><${SmppLogins} ...${shared} />`}<//>`;
}
