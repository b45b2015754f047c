// One message of the campaign as a phone will show it, over a recent event and its person.
import { html } from "/static/shared/ui/preact.js";
import { SelectField } from "/static/shared/ui/fields.js";
import { sendsOf } from "../../document/steps.js";
import { put } from "../../document/tree.js";
import { Preview, usePreview } from "../preview.js";
import { providerOf } from "../step-forms/send-form.js";
import { TryIt } from "../try-it.js";

const FIRST = 40; // characters of a text, to tell messages apart
const nameOf = ({ id, send }) => `${id ?? "Message"}: ${send?.text?.slice(0, FIRST) || "no text yet"}`;

export function PhoneTab({ document, onDocument, known, path, onPath, sample }) {
  const sends = sendsOf(document.steps);
  const [at, step] = sends.find(([place]) => place === path) ?? sends[0] ?? [];
  if (!step) return html`<p class="empty">No step sends a message yet.</p>`;
  return html`<div class="stack">
    ${sends.length > 1 && html`<${SelectField} label="Which message" isLabelUnseen value=${at}
      onValue=${onPath} options=${sends.map(([place, one]) => [place, nameOf(one)])} />`}
    <${Phone} key=${at} send=${step.send ?? {}} ...${{ known, sample }}
      onSend=${(send) => onDocument(put(document, `${at}.send`, send))} /></div>`;
}

function Phone({ send, onSend, known, sample }) {
  const preview = usePreview(send, known.event, known.tried);
  const transliterate = (is) => onSend(put(send, "transliterate", is ? true : undefined));
  return html`<${Preview} preview=${preview} sender=${providerOf(send, known.providers)?.nickname ?? "No provider yet"}
      isTransliterating=${send.transliterate === true} onTransliterate=${transliterate}
      onShorten=${(is) => onSend(put(send, "shorten", is))} />
    <${TryIt} events=${known.samples} chosen=${known.sample} onChosen=${sample.choose} text=${send.text ?? ""}
      tried=${known.tried} onTried=${sample.type} />`;
}
