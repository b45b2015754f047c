// Asks for the vocabulary once, for the pages that write campaigns.
import { get } from "../api.js";
import { isLearned, learnFrom } from "../vocabulary.js";

/** Done when the vocabulary is there. */
export async function learn(signal) {
  if (!isLearned()) learnFrom(await get("/vocabulary", { signal }));
}
