// Before a campaign that people are inside of is saved: what becomes of them.
import { post } from "../../api.js";
import { payloadOf } from "../../document/document.js";
import { askAffected } from "../affected-table.js";

/** Asks what becomes of those inside; resolves to "finish", "move" or "end", and to null for a no. Nobody: "finish". */
export async function askWhatBecomes(id, document) {
  const { steps } = await post(`/campaigns/${encodeURIComponent(id)}/affected`, payloadOf(document));
  return steps.length ? askAffected({ name: document.name, steps, inside: "finish", yes: "Save changes" }) : "finish";
}
