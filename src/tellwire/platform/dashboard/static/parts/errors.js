// What the server said is wrong with a form, in the words of its fields.
import { html } from "/static/shared/ui/preact.js";
import { Problems } from "/static/shared/ui/problems.js";
import { sentence } from "../words.js";

// Where a field is labelled otherwise than the API calls it.
const NAMES = {
  "content.text": "Message", "content.through": "Provider", "start.event": "Event", to: "Mobile number",
  text: "Message", endpoint: "HTTP endpoint", provider_id: "Provider",
  "parameters.template": "JSON body", "content.template_id": "Template ID", template_id: "Template ID",
};
const named = (path) => path.replace(/(\.\d+)\.0$/, "$1.name").replace(/(\.\d+)\.1$/, "$1.value"); // of a pair

/** A field's path as people say it: "Campaigns 2: event". */
export const place = (path) => NAMES[path]
  ?? sentence(named(path).replace(/\.(\d+)/g, (_, at) => ` ${Number(at) + 1}`).replaceAll(".", ": "));

export const Errors = (of) => html`<${Problems} ...${of} place=${place} />`;
