// A rule as rows of sentences: all or any of them, each turned round by "not", groups within groups. For who a campaign
// is for, for the branches of a choice, and wherever else a rule stands.
import { html, useLayoutEffect, useRef } from "/static/shared/ui/preact.js";
import { Wrong } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { MenuButton } from "/static/shared/ui/menu-button.js";
import { ROW_KINDS, blankRow, groupOf, rowOf, ruleOf, turned } from "../../document/rule-rows.js";
import { put } from "../../document/tree.js";
import { number } from "../../words.js";
import { Comparison } from "./condition-rows.js";
import { DidFields } from "./did-fields.js";
import { NamedField } from "./named-field.js";
import { RawPart } from "./raw-part.js";

const MODES = [["all", "All of these"], ["any", "Any of these"]];
const CHANNELS = [["sms", "SMS"]];
const isGroup = (kind) => kind === "all" || kind === "any";

/**
 * `rule` is a rule or undefined, which is everybody (`empty` says so); `onRule` gets the next one. `known` has the
 * names to suggest, and may have `counts` of people by the place of each row; `of` is what rows are called ("rule").
 */
export function RuleEditor({ rule, onRule, known, errors, path, of = "rule", empty }) {
  const group = groupOf(rule);
  const place = group.isBare ? path : `${path}.${group.mode}`;
  return html`<div class="stack close" data-path=${path}>
    ${!group.rows.length && empty && html`<p class="muted">${empty}</p>`}
    <${Group} ...${{ ...group, known, errors, place, of }} add="Add a rule" onGroup=${(next) => onRule(ruleOf(next))} />
    ${errors[path] && !group.isBare && html`<${Wrong}>${errors[path]}<//>`}</div>`;
}

function Group({ mode, rows, isBare, onGroup, known, errors, place, of, add }) {
  const box = useRef(null);
  const wanted = useRef(-1); // the row that gets the focus once it is drawn
  useLayoutEffect(() => { // before the next key arrives
    if (wanted.current < 0) return;
    const lines = box.current.querySelectorAll(":scope > .rule-row");
    const at = lines[wanted.current] ?? box.current.querySelector(":scope > .add");
    (at.querySelector("input, .rule-fields select") ?? at.querySelector("button")).focus();
    wanted.current = -1;
  });
  const set = (next) => onGroup({ mode, isBare, rows, ...next });
  const append = (kind) => { wanted.current = rows.length; set({ rows: [...rows, blankRow(kind)] }); };
  const drop = (at) => { wanted.current = rows.length; set({ rows: put(rows, String(at), undefined) }); };
  const more = [{ name: "Did an event", run: () => append("did") },
    ...ROW_KINDS.map(([kind, name]) => ({ name, run: () => append(kind) })), null,
    { name: "A group: any of", run: () => append("any") }, { name: "A group: all of", run: () => append("all") }];
  return html`<div class="rules" ref=${box}>
    ${(rows.length > 1 || mode === "any") && html`<div><select class="select short" value=${mode}
      aria-label="How the rows hold together${of === "rule" ? "" : ` in ${of}`}"
      onChange=${(event) => set({ mode: event.currentTarget.value })}>
        ${MODES.map(([key, word]) => html`<option key=${key} value=${key} selected=${key === mode}>${word}</option>`)}
      </select></div>`}
    ${rows.map((row, at) => html`<${Row} key=${at} ...${{ rule: row, known, errors }} of="${of} ${at + 1}"
      place=${isBare ? place : `${place}.${at}`} onRule=${(next) => set({ rows: put(rows, String(at), next) })}
      onDrop=${() => drop(at)} />`)}
    <div class="add row tight"><button type="button" class="button little" onClick=${() => append("profile")}>
        <${Icon} name="plus" size=${13} />${add}</button>
      <${MenuButton} side="start" class="button little quiet" button="More rules" items=${more} /></div></div>`;
}

function Row({ rule, onRule, onDrop, known, errors, of, place }) {
  const { isNot, inner, kind } = rowOf(rule);
  const at = isNot ? `${place}.not` : place;
  const remove = html`<button type="button" class="button quiet square" aria-label="Remove ${of}" onClick=${onDrop}>
    <${Icon} name="cross" /></button>`;
  if (kind === "raw") {
    return html`<div class="rule-row raw-row"><${RawPart} label=${of} value=${rule} onValue=${onRule} path=${place}
      error=${errors[place]} />${remove}</div>`;
  }
  const onInner = (next) => onRule(turned(next, isNot));
  const parts = { inner, kind, known, errors, of, path: at, onInner, onDrop };
  return html`<div class="rule-row" data-path=${at}>
    <button type="button" class="button little not" aria-pressed=${String(isNot)} aria-label="Not: turn ${of} round"
      title="Turn it round" onClick=${() => onRule(turned(inner, !isNot))}>not</button>
    ${isGroup(kind) ? html`<${Within} ...${parts} />`
      : html`<div class="rule-fields ${kind}"><${Fields} ...${parts} /></div>`}
    ${remove}${place in (known.counts ?? {}) && html`<p class="rule-alone muted small num">This row alone:
      ${" "}${number(known.counts[place].count)}</p>`}
    ${errors[at] && html`<${Wrong}>${errors[at]}<//>`}</div>`;
}

const Within = ({ inner, kind, known, errors, of, path, onInner, onDrop }) => html`<div class="within">
  <${Group} mode=${kind} rows=${inner[kind]} isBare=${false} ...${{ known, errors, of }} place="${path}.${kind}"
    add="Add a rule within"
    onGroup=${({ mode, rows }) => (rows.length ? onInner({ [mode]: rows }) : onDrop())} /></div>`;

function Fields({ kind, inner, known, errors, of, path, onInner }) {
  if (kind === "profile") {
    return html`<${Comparison} form=${inner} name="profile" known=${known.profile} onForm=${onInner}
      ...${{ of, errors, path }} />`;
  }
  if (kind === "did") return html`<${DidFields} rule=${inner} onRule=${onInner} ...${{ known, errors, of, path }} />`;
  const [, words, label] = ROW_KINDS.find(([key]) => key === kind);
  return html`<span class="rule-words">${words}</span>${kind === "reachable"
    ? html`<${Channel} channel=${inner.reachable} of=${of} onChannel=${(key) => onInner({ reachable: key })} />`
    : html`<${NamedField} label="${label} of ${of}" isLabelUnseen placeholder=${label} path="${path}.${kind}"
      names=${kind === "listed" ? known.lists : known.audiences} value=${inner[kind]} error=${errors[`${path}.${kind}`]}
      onValue=${(text) => onInner({ [kind]: text })} />`}`;
}

function Channel({ channel, of, onChannel }) {
  const isKnown = CHANNELS.some(([key]) => key === channel);
  const options = isKnown ? CHANNELS : [...CHANNELS, [channel, channel]];
  return html`<select class="select" aria-label="Channel of ${of}" value=${channel}
    onChange=${(event) => onChannel(event.currentTarget.value)}>
    ${options.map(([key, word]) => html`<option key=${key} value=${key} selected=${key === channel}>${word}</option>`)}
    </select>`;
}
