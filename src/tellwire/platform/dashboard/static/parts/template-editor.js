// The JSON body as one template: monospace, with buttons that insert a token where the cursor is, checked as typed.
import { html, useRef } from "/static/shared/ui/preact.js";
import { Field } from "/static/shared/ui/fields.js";
import { TOKENS, parse, templateProblem } from "../provider-draft.js";

export function TemplateEditor({ draft, set, errors }) {
  const area = useRef(null);
  const insert = (token) => {
    area.current.focus();
    area.current.setRangeText(token, area.current.selectionStart, area.current.selectionEnd, "end");
    set("template", area.current.value);
  };
  const tidy = () => {
    const { value, error } = parse(draft.template);
    if (!error) set("template", JSON.stringify(value, null, 2));
  };
  const problem = errors["parameters.template"] ?? templateProblem(draft);
  return html`<div class="stack close">
    <${Field} label="JSON body" error=${problem} hint="Tokens stand inside quotes and are escaped for you.">
      ${(tie) => html`
      <textarea class="textarea mono" rows="9" spellcheck=${false} autocomplete="off" ref=${area} ...${tie}
        value=${draft.template}
        onInput=${(event) => set("template", event.currentTarget.value)} />`}<//>
    <div class="tokens" role="group" aria-label="Insert a token">
      ${TOKENS.map(([name, meaning]) => html`<button type="button" key=${name} class="button little token"
        title=${meaning}
        onClick=${() => insert(`$$${name}`)}>$$${name}</button>`)}
      <button type="button" class="button little quiet push" onClick=${tidy}>Tidy up</button>
    </div></div>`;
}
