// The account's audiences: named rules, each with the campaigns that need it.
import { html, useState } from "/static/shared/ui/preact.js";
import { Field, TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { errorAt, newAudience, ruleMistake } from "../account-draft.js";
import { ruleWords } from "../journey-words.js";
import { count } from "../words.js";
import { Add } from "./account-guards.js";
import { Card } from "./card.js";

/** `used` has the names of the campaigns in use that need an audience, by its name. */
export function Audiences({ form, used }) {
  const { audiences } = form.values;
  const [open, setOpen] = useState(-1);
  const add = () => {
    form.set("audiences", [...audiences, newAudience()]);
    setOpen(audiences.length);
  };
  const drop = (at) => {
    form.set("audiences", audiences.filter((_, place) => place !== at));
    setOpen(-1);
  };
  return html`<${Card} title="Audiences" tools=${html`<${Add} onAdd=${add}>Add an audience<//>`}>
    ${!audiences.length && html`<p class="muted">None yet. An audience is a rule with a name: campaigns are for it, or
      start when somebody joins it.</p>`}
    ${form.errors.audiences && html`<p class="wrong" tabindex="-1"><${Icon} name="warning" size=${13} />
      ${form.errors.audiences}</p>`}
    ${audiences.length > 0 && html`<ul class="audiences">${audiences.map((one, at) => html`<li key=${at}>
      <${Audience} form=${form} at=${at} users=${used[one.name] ?? []} drop=${() => drop(at)}
        isOpen=${open === at || Boolean(errorAt(form.errors, `audiences.${at}`))}
        flip=${() => setOpen(open === at ? -1 : at)} /></li>`)}</ul>`}<//>`;
}

function inWords(text) {
  if (ruleMistake(text)) return "";
  try {
    return ruleWords(JSON.parse(text));
  } catch {
    return ""; // no rule yet: the server says what is wrong with it
  }
}

function Audience({ form, at, users, isOpen, flip, drop }) {
  const path = `audiences.${at}`;
  const { name, rule } = form.values.audiences[at];
  const words = inWords(rule);
  return html`<div class="audience">
    <button type="button" class="audience-head" aria-expanded=${String(isOpen)} onClick=${flip}>
      <${Icon} name=${isOpen ? "down" : "chevron"} size=${12} />
      <span class="strong">${name || "Without a name"}</span><span class="muted small cut grow">${words}</span>
      <span class="muted small nowrap">
        ${users.length ? `used by ${count(users.length, "campaign")}` : "not used"}</span></button>
    ${isOpen && html`<div class="stack close audience-body">
      <${TextField} label="Name" ...${form.field(`${path}.name`)} />
      <${Field} label="Rule, as JSON" error=${errorAt(form.errors, `${path}.rule`)} hint=${html`As in
        campaigns: <code>all</code>, <code>any</code>, <code>not</code> over ${" "}
        <code>{"profile": "Tier", "equals": "gold"}</code>, <code>{"reachable": "sms"}</code>, ${" "}
        <code>{"member": "another audience"}</code>.`}>${(tie) => html`
        <textarea class="textarea mono" spellcheck=${false} ...${tie} value=${rule}
          onInput=${(event) => form.set(`${path}.rule`, event.currentTarget.value)} />`}<//>
      ${users.length > 0 && html`<p class="small muted">Needed by ${users.join(", ")}.</p>`}
      <div><button type="button" class="button little danger" onClick=${drop}><${Icon} name="trash" size=${13} />Remove
        this audience</button></div></div>`}</div>`;
}
