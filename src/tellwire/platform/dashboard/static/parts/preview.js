// How the text will stand on a phone: encoding, parts, and the character that makes it dearer.
import { html } from "/static/shared/ui/preact.js";
import { Toggle } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { useAnswer, useRested } from "/static/shared/ui/answer.js";
import { post } from "../api.js";
import { count, encodingName } from "../words.js";

const REST_MS = 250; // typing pauses longer than this between words, not within them

/** The server's rendering of a message over these properties; the last one stands until the next is there. */
export function usePreview({ text = "", transliterate = false, shorten }, event, tried) {
  const asked = useRested({
    content: { text, transliterate, ...(shorten === false && { shorten }) }, event_name: event,
    event_properties: tried.Event, profile_properties: tried.Profile,
  }, REST_MS);
  return useAnswer(asked.content.text ? asked : null, (question, signal) =>
    post("/campaigns/preview", question, { signal, isAside: true }));
}

export function Preview({ preview, sender, isTransliterating, onTransliterate, onShorten }) {
  const { data, error } = preview;
  const problem = error?.message
    ?? (data?.error && `${data.error.line ? `Line ${data.error.line}: ` : ""}${data.error.message}`);
  return html`<div class="stack">
    <div class="handset"><p class="from">${sender}</p>
      ${data && !problem && !data.aborted ? html`<${Bubble} shown=${data} />`
        : html`<p class="bubble muted">${blankWords(data, problem)}</p>`}
    </div>
    <div class="stack close" aria-live="polite">
      ${problem ? html`<p class="banner bad"><${Icon} name="warning" /><span>${problem}</span></p>`
        : data && html`<${Cost} shown=${data} isTransliterating=${isTransliterating}
          onTransliterate=${onTransliterate} />`}
      ${!problem && data && html`<${Links} shown=${data} onShorten=${onShorten} />`}
    </div></div>`;
}

function blankWords(data, problem) {
  if (problem) return "No preview while the text has a mistake.";
  return data?.aborted ? "For this sample the text aborts: nothing is sent."
    : "Your message appears here as you write it.";
}

/** The text part by part, with the character that forces UCS-2 marked where it stands. */
function Bubble({ shown }) {
  const forced = shown.forced_by;
  let begin = 0;
  const pieces = shown.parts.map((part) => {
    const at = forced ? forced.index - begin : -1;
    begin += part.text.length;
    return { text: part.text, at: part.text.startsWith(forced?.char, at) ? at : -1 };
  });
  return html`<p class="bubble">${pieces.map(({ text, at }, row) => html`
    ${row > 0 && html`<span class="cutline" title="A new part begins here" />`}${at < 0 ? text
      : html`${text.slice(0, at)}<mark>${forced.char}</mark>${text.slice(at + forced.char.length)}`}`)}</p>`;
}

function Cost({ shown, isTransliterating, onTransliterate }) {
  const isUcs2 = shown.encoding === "UCS2";
  const saved = shown.parts.length - shown.transliterated_parts;
  const hint = isTransliterating ? "Curly quotes, dashes and special spaces are sent as plain ones."
    : saved > 0 ? `Saves ${count(saved, "part")} a message.` : "Where there are any; the number of parts stays.";
  return html`
    <p class="row"><span class="badge ${isUcs2 ? "warn" : "good"}">${encodingName(shown.encoding)}</span>
      <span class="strong">${count(shown.parts.length, "part")}</span>
      <span class="muted small">${isUcs2 ? "70 or 67" : "160 or 153"} characters each</span></p>
    <${Meters} parts=${shown.parts} limit=${shown.limit_per_part} />
    ${shown.forced_by && html`<${Forced} by=${shown.forced_by} />`}
    ${(isTransliterating || shown.forced_by) && html`
      <${Toggle} label="Replace with look-alikes" checked=${isTransliterating} onValue=${onTransliterate}
        hint=${hint} />`}`;
}

/** Which links of the text are short ones, or why they are not; nothing for a text without links. */
function Links({ shown, onShorten }) {
  const { links, unshortened } = shown;
  if (!links.length && !unshortened) return null;
  const hint = links.length ? `${count(links.length, "link")}: each person gets their own, and clicks are counted.`
    : unshortened;
  return html`<${Toggle} label="Shorten links" checked=${links.length > 0} onValue=${onShorten} hint=${hint} />`;
}

const Meters = ({ parts, limit }) => html`<ol class="parts" aria-label="Parts">${parts.map(({ units }, at) => html`
  <li class="meter ${units >= limit ? "full" : ""}" key=${at}>
    <i><i style=${{ width: `${Math.min(100, 100 * units / limit)}%` }} /></i><span>${units} / ${limit}</span></li>`)}
      </ol>`;

const Forced = ({ by }) => html`<p class="banner warn"><${Icon} name="info" />
  <span><span class="mono strong">${by.char}</span> (${by.name.toLowerCase()}, character ${by.index + 1})
    is not in GSM-7 and forces UCS-2.</span></p>`;
