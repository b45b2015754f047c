// The account's audiences: named rules, each with the campaigns that need it.
import { html, useState } from "/static/shared/ui/preact.js";
import { TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { errorAt, newAudience } from "../account-draft.js";
import { useData } from "../data.js";
import { ruleWords } from "../journey-words.js";
import { count } from "../words.js";
import { Add } from "./account-guards.js";
import { Card } from "./card.js";
import { RuleEditor } from "./editor/rule-editor.js";
import { propertyChoices, useRecentEvents, useSampleProfile } from "./samples.js";

/** What rows of a rule suggest; `audiences` are those of the form. */
function useNames(audiences) {
  const profile = useSampleProfile(useRecentEvents()[0]);
  const { data } = useData("/lists");
  const properties = propertyChoices(new Map(), profile).map(({ name }) => name);
  const namesOf = (things = []) => things.map(({ name }) => name).filter(Boolean);
  return { profile: properties, lists: namesOf(data?.lists), audiences: namesOf(audiences) };
}

/** `used` has the names of the campaigns in use that need an audience, by its name. */
export function Audiences({ form, used }) {
  const { audiences } = form.values;
  const [open, setOpen] = useState(-1);
  const known = useNames(audiences);
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
      <${Audience} form=${form} at=${at} users=${used[one.name] ?? []} known=${known} drop=${() => drop(at)}
        isOpen=${open === at || Boolean(errorAt(form.errors, `audiences.${at}`))}
        flip=${() => setOpen(open === at ? -1 : at)} /></li>`)}</ul>`}<//>`;
}

function Audience({ form, at, users, known, isOpen, flip, drop }) {
  const path = `audiences.${at}`;
  const { name, rule } = form.values.audiences[at];
  const others = known.audiences.filter((one) => one !== name);
  return html`<div class="audience">
    <button type="button" class="audience-head" aria-expanded=${String(isOpen)} onClick=${flip}>
      <${Icon} name=${isOpen ? "down" : "chevron"} size=${12} />
      <span class="strong">${name || "Without a name"}</span>
      <span class="muted small cut grow">${rule ? ruleWords(rule) : ""}</span>
      <span class="muted small nowrap">
        ${users.length ? `used by ${count(users.length, "campaign")}` : "not used"}</span></button>
    ${isOpen && html`<div class="stack close audience-body">
      <${TextField} label="Name" ...${form.field(`${path}.name`)} />
      <${RuleEditor} rule=${rule} onRule=${(next) => form.set(`${path}.rule`, next)} errors=${form.errors}
        path="${path}.rule" known=${{ ...known, audiences: others }} empty="No rule yet." />
      ${users.length > 0 && html`<p class="small muted">Needed by ${users.join(", ")}.</p>`}
      <div><button type="button" class="button little danger" onClick=${drop}><${Icon} name="trash" size=${13} />Remove
        this audience</button></div></div>`}</div>`;
}
