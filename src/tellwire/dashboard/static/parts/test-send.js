// Send test SMS: before or after saving, shows the very request and the provider's very answer.
import { html, useState } from "/static/shared/ui/preact.js";
import { Code } from "/static/shared/ui/copy.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Field, TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { post } from "../api.js";
import { payloadOf, tokensOf } from "../provider-draft.js";
import { count } from "../words.js";
import { place } from "./errors.js";

const OUTCOMES = {
  accepted: ["good", "check"], refused: ["bad", "ban"], deferred: ["warn", "clock"], unresolved: ["warn", "question"],
};

/** The number as it is asked for: with its own plus if it has one, else behind the country code. */
const joined = (code, number) => (/^\s*[+＋]/.test(number) ? number : `+${code.replace(/\P{Nd}/gu, "")}${number}`).replace(/[^\p{Nd}+＋]/gu, "");

const NOES = ["suppressed", "opted_out"]; // codes of people who asked for no texts
const refused = (error) => ({
  title: "This person said no to texts",
  body: html`<p class="break">${error.fields.to}</p><p>Send the test message only if you know that they agree to it. Campaigns go on sending them nothing.</p>`,
  yes: "Send all the same", no: "Do not send", isDangerous: true,
});

function customTokens(draft) {
  const { message, header, global } = tokensOf(draft);
  return [...new Set([...message, ...header, ...global])];
}

export function TestSend({ draft }) {
  const [asked, setAsked] = useState({
    code: "+65", number: "", text: "Hello from Tellwire. This is a test.", values: {}, templateId: "", variables: "",
  });
  const [state, setState] = useState({ isBusy: false, result: null, error: null });
  const tokens = customTokens(draft);
  const { uses } = tokensOf(draft);
  const send = (body) => post("/providers/test", body).then(
    (result) => setState({ isBusy: false, result, error: null }),
    async (error) => {
      if (NOES.includes(error.code) && !body.is_confirmed && await ask(refused(error))) return send({ ...body, is_confirmed: true });
      return setState({ isBusy: false, result: null, error });
    },
  );
  const submit = (event) => {
    event.preventDefault();
    if (state.isBusy) return;
    setState({ ...state, isBusy: true, error: null });
    const values = Object.fromEntries(tokens.map((name) => [name, asked.values[name] ?? ""]));
    const body = {
      provider: payloadOf(draft), to: joined(asked.code, asked.number), text: asked.text, tokens: values,
      template_id: uses("TemplateID") ? asked.templateId : "",
      template_variables: uses("TemplateVariables") ? asked.variables.split("\n").filter(Boolean) : [],
    };
    send(body);
  };
  return html`<section class="card" aria-label="Send test SMS"><div class="head"><h2>Send test SMS</h2></div>
    <form class="body stack" onSubmit=${submit}>
      <${Inputs} asked=${asked} setAsked=${setAsked} tokens=${tokens} uses=${uses} errors=${state.error?.fields ?? {}} />
      <button class="button" aria-disabled=${state.isBusy ? "true" : undefined}>
        <${Icon} name="bolt" size=${14} />${state.isBusy ? "Sending…" : "Send test SMS"}</button>
      <p class="hint">Goes out for real, with the form as it stands; nothing needs to be saved first.</p>
    </form>
    <div aria-live="polite">
      ${state.error && html`<div class="body"><${Wrong} error=${state.error} /></div>`}
      ${state.result && html`<${Result} result=${state.result} />`}
    </div></section>`;
}

function Inputs({ asked, setAsked, tokens, uses, errors }) {
  const tie = (key) => ({ value: asked[key], onValue: (text) => setAsked({ ...asked, [key]: text }) });
  const put = (name) => (text) => setAsked({ ...asked, values: { ...asked.values, [name]: text } });
  return html`
    <div class="joined">
      <div class="code-of-country"><${TextField} label="Code" aria-label="Country code" inputmode="tel" ...${tie("code")} /></div>
      <${TextField} label="Mobile number" type="tel" inputmode="tel" required placeholder="9123 0000" error=${errors.to} ...${tie("number")} />
    </div>
    <${TextField} label="Message" required error=${errors.text} ...${tie("text")} />
    ${uses("TemplateID") && html`<${TextField} label="Template ID" error=${errors.template_id} ...${tie("templateId")} />`}
    ${uses("TemplateVariables") && html`<${Field} label="Template variables" hint="One a line, in order" error=${errors.template_variables}>
      ${(props) => html`<textarea class="textarea" rows="3" ...${props} value=${asked.variables}
        onInput=${(event) => tie("variables").onValue(event.currentTarget.value)} />`}<//>`}
    ${tokens.map((name) => html`<${TextField} key=${name} label=${html`Value of <span class="mono">$$${name}</span>`}
      value=${asked.values[name] ?? ""} onValue=${put(name)} error=${errors[`tokens.${name}`]} />`)}`;
}

/** What the server does not take, each with the name of its field: some are in the provider's form and not here. */
const Wrong = ({ error }) => html`<div class="banner bad" role="alert"><${Icon} name="warning" /><div class="grow">
  <p class="strong">${error.message}</p>
  <ul>${Object.entries(error.fields ?? {}).map(([path, why]) => html`<li key=${path}>${NAMES[path] ?? place(path)}: ${why}</li>`)}</ul></div></div>`;
const NAMES = { to: "Mobile number", text: "Message", template_id: "Template ID" };

function Result({ result }) {
  const [tone, icon] = OUTCOMES[result.outcome];
  const { request, answer } = result;
  return html`<div class="body stack close">
    <div class="banner ${tone}"><${Icon} name=${icon} /><div class="grow">
      <p class="strong">${result.summary}</p>
      <p class="break">${result.reason}</p>
      ${result.advice && html`<p>${result.advice}</p>`}
      <p class="small">${result.elapsed_ms} ms · ${result.encoding} · ${count(result.parts, "part")}</p></div></div>
    ${request && html`<h3>What was sent</h3><${Code} text=${written(request)} label="the request" />`}
    <h3>${answer ? `What came back: ${answer.status}` : "Nothing came back"}</h3>
    ${answer && html`<${Code} text=${pretty(answer.body) || "(an empty body)"} label="the answer" />`}</div>`;
}

function written({ method, url, headers, body }) {
  const lines = [`${method} ${url}`, ...headers.map(([name, value]) => `${name}: ${value}`), "", pretty(body)];
  return lines.join("\n").trimEnd();
}

function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
