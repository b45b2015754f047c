// What the consent ledger has of somebody: what they asked for, when, by what, in their own words.
import { html } from "/static/shared/ui/preact.js";
import { Time } from "/static/shared/ui/time.js";
import { consentWords } from "../consent-words.js";
import { messageAt } from "../places.js";
import { Card } from "./card.js";

export const ConsentLines = ({ lines }) => html`<${Card} title="Consent"><ul class="stack close">
  ${lines.map((line) => html`<li key=${line.seq} class="break"><${Time} class="muted nowrap" at=${line.at} />
    ${" "}${consentWords(line)}${line.text && html`: “${line.text}”`}
    ${line.message_id && html` <a href=${messageAt(line.message_id)}>in answer to this message</a>`}
    ${(line.reason || line.by) && html` <span class="muted">(${[line.reason, line.by].filter(Boolean).join(", ")})
      </span>`}</li>`)}</ul><//>`;
