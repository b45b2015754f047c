// What a campaign came to beside its messages: its goal, of those written to and those held out, and its calls.
import { html } from "/static/shared/ui/preact.js";
import { number, share } from "../words.js";
import { Card } from "./card.js";

/** The goal's figures; nothing is said of those held out where nobody is. */
export const Goal = ({ goal }) => html`<${Card} title="Goal">
  <p><span class="strong">${number(goal.reached)} of ${number(goal.entered)} reached it</span>,
    ${" "}${share(goal.reached, goal.entered)}${goal.revenue ? `, worth ${goal.revenue.toLocaleString()}` : ""}.</p>
  ${goal.held_out > 0 && html`<p class="muted">Of ${number(goal.held_out)} held out
    ${" "}${number(goal.held_out_reached)} did, ${share(goal.held_out_reached, goal.held_out)}.</p>`}<//>`;

/** How the calls of steps ended, and which wait; nothing where there are none. */
export const Calls = ({ calls, inside }) => (Object.keys(calls).length > 0 || inside.calls_waiting > 0)
  && html`<${Card} title="Calls">
    <p><span class="strong">${number(calls.done ?? 0)} answered</span>, ${number(calls.failed ?? 0)} given up,
      ${" "}${number(calls.refused ?? 0)} refused.</p>
    ${inside.calls_waiting > 0 && html`<p class="muted">${number(inside.calls_waiting)} wait,
      ${" "}${number(inside.calls_in_vain)} of them tried in vain so far.</p>`}<//>`;
