// What to do when nothing has happened yet: the one line that makes something happen.
import { html } from "/static/shared/ui/preact.js";
import { Code } from "/static/shared/ui/copy.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { useData } from "../data.js";

const sample = () => ({ d: [
  { identity: "first-user", type: "profile", profileData: { Name: "Ann", Phone: "+6591230000" } },
  { identity: "first-user", type: "event", evtName: "Order Placed", evtData: { Amount: 42.5 } },
] });

const curlLine = (account) => `curl -X POST '${account.upload_url}' \\
  -H 'X-CleverTap-Account-Id: ${account.account_id}' \\
  -H 'X-CleverTap-Passcode: ${account.passcode}' \\
  -H 'Content-Type: application/json' \\
  -d '${JSON.stringify(sample())}'`;

export function FirstEvent() {
  const { data, error, reload } = useData("/account");
  return html`<${Empty} title="Waiting for the first event">
    <p>Run this in a terminal. It tells Tellwire about a person and something they did; the event shows up here at
      once.</p>
    ${error ? html`<div class="wide"><${Failure} error=${error} retry=${reload} /></div>`
      : data ? html`<${Code} text=${curlLine(data)} label="the command" />`
        : html`<div class="wide"><${Bones} rows=${4} /></div>`}
    <p class="small">A message goes out when a running <a href="/campaigns">campaign</a> listens to the event.
      ${data?.simulator_url && html` It then arrives on the
        <a href=${data.simulator_url} target="_blank" rel="noreferrer">simulated handset</a>.`}</p><//>`;
}
