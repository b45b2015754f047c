// What a change of the routing table would have done to the last day's messages, shown before it is made.
import { html } from "/static/shared/ui/preact.js";
import { useAnswer, useRested } from "/static/shared/ui/answer.js";
import { count, number } from "/static/shared/ui/words.js";
import { post } from "./api.js";
import { bare } from "./rule-words.js";

const RESTS_MS = 300;

/** `rules` are all of them as they would be. What cannot be saved yet tells nothing. */
export function Rerouting({ rules, version }) {
  const table = useRested({ version, rules: rules.map(bare) }, RESTS_MS);
  const { data } = useAnswer(table, (question, signal) =>
    post("/routes/preview", question, { signal, isAside: true }).catch((problem) => {
      if (problem.status === 422) return null;
      throw problem; // what was said last stands
    }));
  return html`<div class="banner effect" role="status">${data ? html`<${Effect} ...${data} />` : html`
    <p class="small">What it would have done to the last day's messages stands here.</p>`}</div>`;
}

function wordsOf({ before, after, messages }) {
  if (after === null) return `${number(messages)} that went to ${before} would be refused`;
  if (before === null) return `${number(messages)} that have no route now would go to ${after}`;
  return `${number(messages)} from ${before} to ${after}`;
}

function Effect({ messages, moved, moves, is_whole, compared_at_most }) {
  if (!messages) return html`<p class="small">No message was sent in the last 24 hours: nothing to compare.</p>`;
  const all = is_whole ? `${count(messages, "message")} of the last 24 hours`
    : `newest ${number(compared_at_most)} messages`;
  if (!moved) return html`<p class="small">None of the ${all} would have gone to another carrier.</p>`;
  return html`<div class="grow stack close">
    <p class="small"><span class="strong">${number(moved)} of the ${all}</span> would have fared otherwise:</p>
    <ul class="small number">${moves.map((move) => html`<li key=${wordsOf(move)}>${wordsOf(move)}</li>`)}</ul></div>`;
}
