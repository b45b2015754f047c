// What the server said is wrong with a form, in the words of its fields.
import { html } from "/static/shared/ui/preact.js";
import { Problems } from "/static/shared/ui/problems.js";
import { sentence } from "../words.js";

const named = (path) => path.replace(/(\.\d+)\.0$/, "$1.name").replace(/(\.\d+)\.1$/, "$1.value"); // of a pair

/** A field's path as people say it: "Campaigns 2: event". */
export const place = (path) => sentence(named(path).replace(/\.(\d+)/g, (_, at) => ` ${Number(at) + 1}`).replaceAll(".", ": "));

export const Errors = (of) => html`<${Problems} ...${of} place=${place} />`;
