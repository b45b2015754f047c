// The controls of what somebody did: the event, how often, within which time, and what the event was like.
import { html } from "/static/shared/ui/preact.js";
import { Wrong } from "/static/shared/ui/fields.js";
import { TIMES, timesOf, withDid } from "../../document/did-row.js";
import { ConditionRows } from "./condition-rows.js";
import { NamedField } from "./named-field.js";

/** `of` names the row for who hears it ("rule 1"). */
export function DidFields({ rule, onRule, known, errors, of, path }) {
  const set = (change) => onRule(withDid(rule, change));
  const [key, number] = timesOf(rule);
  const wrong = errors[`${path}.${key}`] ?? errors[`${path}.within`];
  const typed = (text) => (/^\d{1,9}$/.test(text.trim()) ? set({ times: [key, Number(text)] }) : undefined);
  return html`<span class="rule-words">Did</span>
    <${NamedField} label="Event of ${of}" isLabelUnseen placeholder="Event" names=${known.events ?? []}
      path="${path}.did" value=${rule.did} error=${errors[`${path}.did`]} onValue=${(did) => set({ did })} />
    <div class="did-times" data-path="${path}.${key}">
      <select class="select" aria-label="How often, of ${of}" value=${key}
        onChange=${(event) => set({ times: [event.currentTarget.value, number] })}>
        ${TIMES.map(([one, words]) => html`<option key=${one} value=${one} selected=${one === key}>${words}</option>`)}
      </select>
      <input class="input" inputmode="numeric" aria-label="Times of ${of}" value=${String(number)}
        onInput=${(event) => typed(event.currentTarget.value)} />
      <span class="rule-words">${number === 1 ? "time" : "times"} within</span>
      <input class="input" aria-label="Within which time, of ${of}" placeholder="any time" autocomplete="off"
        aria-invalid=${errors[`${path}.within`] ? "true" : undefined} value=${rule.within ?? ""}
        onInput=${(event) => set({ within: event.currentTarget.value })} /></div>
    ${wrong && html`<${Wrong}>${wrong}<//>`}
    <div class="did-where"><${ConditionRows} legend="Where" isLegendUnseen list=${rule.where ?? []} errors=${errors}
      onList=${(where) => set({ where })} known=${known.eventProperties ?? []} path="${path}.where"
      of="condition of ${of}," add="Where …" /></div>`;
}
