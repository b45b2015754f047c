// Who: the rule that a person has to meet on entering.
import { html } from "/static/shared/ui/preact.js";
import { put } from "../../document/tree.js";
import { RuleEditor } from "./rule-editor.js";

const EMPTY = "Everybody with a phone number. Add a rule to choose among them; it is asked once, when somebody enters.";

export const WhoBlock = ({ document, onDocument, known, errors }) => html`<${RuleEditor} rule=${document.who} path="who"
  onRule=${(rule) => onDocument(put(document, "who", rule))} known=${known} errors=${errors} empty=${EMPTY} />`;
