// Send test SMS: before or after saving, shows the very request and the provider's very answer.
import { html, useState } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Field, TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { useProblem } from "/static/shared/ui/problems.js";
import { post } from "../api.js";
import { payloadOf, tokensOf } from "../provider-draft.js";
import { Errors } from "./errors.js";
import { Result, isNo, refused } from "./test-result.js";

const NOT_SENT = "No test was sent: mend the fields named here.";
const OWN = ["to", "text", "template_id", "template_variables", "tokens"]; // all other fields are the provider's
const isOwn = (path) => OWN.includes(path.split(".")[0]);

/** The number as it is asked for: with its own plus if it has one, else behind the country code. */
const joined = (code, number) => (/^\s*[+＋]/.test(number) ? number : `+${code.replace(/\P{Nd}/gu, "")}${number}`)
  .replace(/[^\p{Nd}+＋]/gu, "");

function customTokens(draft) {
  const { message, header, global } = tokensOf(draft);
  return [...new Set([...message, ...header, ...global])];
}

/** What is missing before anything is asked of the server. */
const missing = (body) => ({
  ...(!/\d{4}/.test(body.to) && { to: "Enter the number of the phone that gets the test." }),
  ...(!body.text.trim() && !body.template_id && { text: "Write what the test says." }),
});

/** `onProblem` hears what is wrong with the provider's own fields, which stand beside this card. */
export function TestSend({ draft, onProblem }) {
  const [asked, setAsked] = useState({
    code: "+65", number: "", text: "Hello from Tellwire. This is a test.", values: {}, templateId: "", variables: "",
  });
  const [state, setState] = useState({ isBusy: false, result: null });
  const tokens = customTokens(draft);
  const { uses } = tokensOf(draft);
  const body = {
    provider: payloadOf(draft), to: joined(asked.code, asked.number), text: asked.text,
    tokens: Object.fromEntries(tokens.map((name) => [name, asked.values[name] ?? ""])),
    template_id: uses("TemplateID") ? asked.templateId : "",
    template_variables: uses("TemplateVariables") ? asked.variables.split("\n").filter(Boolean) : [],
  };
  const { problem, errors, show } = useProblem(body);
  const fail = (error, fields) => {
    const wrong = Object.entries(fields).filter(([, why]) => why);
    const part = (isWanted) => Object.fromEntries(wrong.filter(([path]) => isWanted(path)));
    const [own, others] = [part(isOwn), part((path) => !isOwn(path))];
    const isOurs = Object.keys(own).length > 0;
    const isTheirs = Object.keys(others).length > 0;
    setState({ isBusy: false, result: null });
    if (isTheirs) onProblem({ ...error, message: NOT_SENT, fields: others });
    if (isOurs || !isTheirs) show({ message: isOurs && !isNo(error) ? NOT_SENT : error.message, fields: own });
  };
  const send = (wish, lacks = {}) => post("/providers/test", wish).then(
    (result) => setState({ isBusy: false, result }),
    async (error) => {
      if (isNo(error) && !wish.is_confirmed && await ask(refused(error))) return send({ ...wish, is_confirmed: true });
      const isWhole = !Object.keys(lacks).length;
      return fail(error, isWhole ? error.fields : { ...error.fields, to: undefined, ...lacks });
    },
  );
  const submit = (event) => {
    event.preventDefault();
    if (state.isBusy) return;
    setState({ ...state, isBusy: true });
    show(null);
    const lacks = missing(body);
    // What lacks something is still looked at by the server, for its other faults; without a number it goes nowhere.
    send(Object.keys(lacks).length ? { ...body, to: "" } : body, lacks);
  };
  return html`<section class="card" aria-label="Send test SMS"><div class="head"><h2>Send test SMS</h2></div>
    <form class="body stack" onSubmit=${submit} noValidate>
      <${Errors} problem=${problem} errors=${errors} />
      <${Inputs} asked=${asked} setAsked=${setAsked} tokens=${tokens} uses=${uses} errors=${errors} />
      <button class="button" aria-disabled=${state.isBusy ? "true" : undefined}>
        <${Icon} name="bolt" size=${14} />${state.isBusy ? "Sending…" : "Send test SMS"}</button>
      <p class="hint">Goes out for real, with the form as it stands; nothing needs to be saved first.</p>
    </form>
    <div aria-live="polite">
      ${state.result && html`<${Result} result=${state.result} />`}
    </div></section>`;
}

function Inputs({ asked, setAsked, tokens, uses, errors }) {
  const tie = (key) => ({ value: asked[key], onValue: (text) => setAsked({ ...asked, [key]: text }) });
  const put = (name) => (text) => setAsked({ ...asked, values: { ...asked.values, [name]: text } });
  return html`
    <div class="joined">
      <div class="code-of-country"><${TextField} label="Code" aria-label="Country code" inputmode="tel"
        ...${tie("code")} /></div>
      <${TextField} label="Mobile number" type="tel" inputmode="tel" required placeholder="9123 0000"
        error=${errors.to} ...${tie("number")} />
    </div>
    <${TextField} label="Message" required error=${errors.text} ...${tie("text")} />
    ${uses("TemplateID") && html`<${TextField} label="Template ID" error=${errors.template_id}
      ...${tie("templateId")} />`}
    ${uses("TemplateVariables") && html`<${Field} label="Template variables" hint="One a line, in order"
      error=${errors.template_variables}>
      ${(props) => html`<textarea class="textarea" rows="3" ...${props} value=${asked.variables}
        onInput=${(event) => tie("variables").onValue(event.currentTarget.value)} />`}<//>`}
    ${tokens.map((name) => html`<${TextField} key=${name} label=${html`Value of <span class="mono">$$${name}</span>`}
      value=${asked.values[name] ?? ""} onValue=${put(name)} error=${errors[`tokens.${name}`]} />`)}`;
}
