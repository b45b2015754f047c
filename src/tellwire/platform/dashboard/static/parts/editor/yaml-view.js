// The whole document as YAML: what can be read of it comes back into the blocks.
import { html, useEffect, useRef } from "/static/shared/ui/preact.js";
import { Field } from "/static/shared/ui/fields.js";
import { documentIn, fileOf } from "../../document/document.js";
import { useYaml, whereOf } from "./raw-part.js";

const HINT = "The same campaign as a file has it. What you write here stands in the blocks too.";
const OTHER = { line: null, message: "Write one campaign: a list `campaigns` with one entry." };

/** `view` gets `settle`, which reads what was typed last; `lead(path)` and `lineOf(path)` find a place in the text. */
export function YamlView({ document, onDocument, view }) {
  const area = useRef(null);
  const yaml = useYaml(fileOf(document), (value) => {
    const next = documentIn(value);
    if (!next) return { error: OTHER };
    onDocument(next);
    return { value: fileOf(next) };
  });
  const lineOf = (path) => {
    for (let place = `campaigns.0.${path}`; place.includes("."); place = place.replace(/\.[^.]*$/, "")) {
      if (yaml.lines[place]) return yaml.lines[place];
    }
    return null;
  };
  const lead = (path) => {
    const before = (yaml.text ?? "").split("\n").slice(0, (lineOf(path) ?? 1) - 1).join("\n").length;
    area.current.focus();
    area.current.setSelectionRange(before && before + 1, before && before + 1);
  };
  useEffect(() => {
    view.current = { settle: yaml.settle, lead, lineOf };
    return () => { view.current = null; };
  });
  const why = yaml.error && whereOf(yaml.error);
  return html`<${Field} label="The campaign in YAML" hint=${HINT} error=${why}>${(tie) => html`
    <textarea class="textarea mono yaml" rows="24" spellcheck="false" autocapitalize="off" wrap="off" data-own-undo
      ref=${area} ...${tie} disabled=${yaml.text === null} value=${yaml.text ?? ""}
      onInput=${(event) => yaml.write(event.currentTarget.value)} />`}<//>`;
}
