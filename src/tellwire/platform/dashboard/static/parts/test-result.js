// What became of a test message: the very request, and the provider's very answer; and asking before a no.
import { html } from "/static/shared/ui/preact.js";
import { Code } from "/static/shared/ui/copy.js";
import { Icon } from "/static/shared/ui/icons.js";
import { count, encodingName } from "../words.js";

const LOOKS = {
  accepted: ["good", "check"], refused: ["bad", "ban"], deferred: ["warn", "clock"], unresolved: ["warn", "question"],
};

const NOES = ["suppressed", "opted_out"]; // codes of people who asked for no texts
/** Whether a test was not sent because somebody with the number said no. */
export const isNo = (error) => NOES.includes(error.code);
/** The question before it is sent all the same. */
export const refused = (error) => ({
  title: "This person said no to texts",
  body: html`<p class="break">${error.fields.to}</p><p>Send the test message only if you know that they agree to it.
    Campaigns go on sending them nothing.</p>`,
  yes: "Send all the same", no: "Do not send", isDangerous: true,
});

export function Result({ result }) {
  const [tone, icon] = LOOKS[result.outcome];
  const { request, answer } = result;
  return html`<div class="body stack close">
    <div class="banner ${tone}"><${Icon} name=${icon} /><div class="grow">
      <p class="strong">${result.summary}</p>
      <p class="break">${result.reason}</p>
      ${result.advice && html`<p>${result.advice}</p>`}
      <p class="small">
        ${result.elapsed_ms} ms · ${encodingName(result.encoding)} · ${count(result.parts, "part")}</p></div></div>
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
