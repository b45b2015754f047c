// “Send me a test”: the text of a campaign's step as it would be for somebody, to a number of one's own.
import { html, useState } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { SelectField, TextField } from "/static/shared/ui/fields.js";
import { Form } from "/static/shared/ui/form/form.js";
import { useForm } from "/static/shared/ui/form/use-form.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Panel } from "/static/shared/ui/panel.js";
import { post } from "../api.js";
import { Result, isNo, refused } from "./test-result.js";

const KEY = "tellwire.test-number"; // the same phone gets the next test, too
const NUMBER = "Enter the number of the phone that gets the test, with its country code.";
const WHOSE = "Their properties, and those of their last event that starts the campaign.";
const FIRST = "Its id; without one it is the first that sends.";
const RULES = [["to", (to) => (/\d{4}/.test(to) ? "" : NUMBER)]];

/**
 * The button, and the panel that it opens.
 * `subject()` says what is tested, at the moment of sending: `{campaign_id}` as it is stored, `{campaign}` as it stands
 * in a form (the body of `POST /campaigns`), or `{yaml}`, a file with one campaign; these two with or without the id.
 * `sends` are the ids of the steps that send, in their order; without them the step is typed.
 * `values` are `{Event, Profile}` that were typed: they stand over those of the person.
 * @param {{subject: () => Record<string, unknown>, sends?: string[],
 *   values?: {Event: Record<string, unknown>, Profile: Record<string, unknown>}}} props
 */
export function SendMeATest({ subject, sends, values }) {
  const [isOpen, setOpen] = useState(false);
  return html`<button type="button" class="button" aria-haspopup="dialog" onClick=${() => setOpen(true)}>
      <${Icon} name="phone" size=${14} />Send me a test</button>
    ${isOpen && html`<${TestPanel} ...${{ subject, sends, values }} onClose=${() => setOpen(false)} />`}`;
}

function TestPanel({ subject, sends, values, onClose }) {
  const [result, setResult] = useState(null);
  const send = async (wish) => {
    try {
      return await post("/campaigns/test-send", wish);
    } catch (error) {
      if (!isNo(error) || wish.is_confirmed || !await ask(refused(error))) throw error;
      return send({ ...wish, is_confirmed: true });
    }
  };
  const form = useForm({
    first: { to: remembered(), step: sends?.[0] ?? "", identity: "" }, rules: RULES,
    save: async ({ to, step, identity }) => {
      setResult(null);
      remember(to);
      setResult(await send({
        ...subject(), to, step, identity: identity.trim(),
        event_properties: values?.Event ?? {}, profile_properties: values?.Profile ?? {},
      }));
    },
  });
  return html`<${Panel} title="Send me a test" onClose=${onClose}>
    <${Form} form=${form}>
      <${TextField} label="Your number" type="tel" inputmode="tel" placeholder="+65 9123 0000" ...${form.field("to")} />
      ${!sends ? html`<${TextField} label="Step" optional=${true} spellcheck=${false} hint=${FIRST}
          ...${form.field("step")} />`
        : sends.length > 1 && html`<${SelectField} label="Step" options=${sends.map((id) => [id, id])}
          ...${form.field("step")} />`}
      <${TextField} label="With the values of" optional=${true} placeholder="user-123" spellcheck=${false}
        hint=${WHOSE} ...${form.field("identity")} />
      ${elsewhere(form.errors).map((why) => html`<p class="wrong" key=${why}><${Icon} name="warning" size=${13} />
        <span>${why}</span></p>`)}
      <div><button class="button primary" aria-disabled=${form.isBusy ? "true" : undefined}>
        <${Icon} name="bolt" size=${14} />${form.isBusy ? "Sending…" : "Send"}</button></div>
      <p class="hint">Goes out for real, through the step's provider. No cap, goal or report counts it.</p><//>
    <div aria-live="polite">${result && html`<${Sent} result=${result} />`}</div><//>`;
}

const OWN = ["to", "step", "identity"];

/** What is wrong with the campaign itself, which has no field here. */
const elsewhere = (errors) => Object.entries(errors).filter(([path]) => !OWN.includes(path)).map(([, why]) => why);

const Sent = ({ result }) => html`<div class="stack close"><h3>The text</h3>
  <p class="bubble">${result.texts.map((text, at) => html`${at > 0
    && html`<span class="cutline" title="A new part begins here" />`}${text}`)}</p>
  <${Result} result=${result} /></div>`;

function remembered() {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return ""; // storage may be forbidden
  }
}

function remember(number) {
  try {
    localStorage.setItem(KEY, number);
  } catch {
    // Storage may be forbidden; it is then typed again.
  }
}
