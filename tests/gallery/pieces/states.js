import { html } from "/static/shared/ui/preact.js";
import { Bones, Empty, Failure, PlotBones } from "/static/shared/ui/states.js";
import { State } from "../state.js";

const REFUSED = { message: "“The prepaid balance does not cover this request” (403, code 1201)" };
const ask = html`<a class="button" href="/?piece=states">Publish a campaign that asks</a>`;

export default () => html`
  <${State} name="Empty"><${Empty} title="No reply yet" icon="inbox" action=${ask}>
    <p>What people answer stands here, by person: “Is it still there?” – “Yes, until Friday.”</p><//><//>
  <${State} name="Failed"><${Failure} error=${REFUSED}
    hint="Top up, or let another provider send." verb="Switch provider" retry=${() => {}} /><//>
  <${State} name="On its way"><${Bones} /><//>
  <${State} name="A plot on its way"><${PlotBones} height=${120} /><//>`;
