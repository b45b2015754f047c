// What the server says of a document as it stands: what must be mended before it can be published, what looks wrong.
import { plainPaths } from "/static/shared/ui/request.js";
import { useAnswer, useRested } from "/static/shared/ui/answer.js";
import { post } from "../../api.js";
import { payloadOf } from "../../document/document.js";

const REST_MS = 500; // of editing, before it is asked

/** What is wrong with a document, by path, and what only looks so. Throws where nothing can be said. */
export async function checked(document, signal) {
  try {
    const { problems, warnings } = await post("/campaigns/check", payloadOf(document), { signal, isAside: true });
    return { problems: plainPaths(problems), warnings: plainPaths(warnings) };
  } catch (error) {
    if (!Object.keys(error.fields ?? {}).length) throw error;
    return { problems: error.fields, warnings: {} };
  }
}

const NOTHING = { problems: {}, warnings: {} };

/** The last answer stands until the next is there. */
export function useCheck(document) {
  const asked = useRested(document, REST_MS);
  const { data, error } = useAnswer(asked, checked);
  return { ...(data ?? NOTHING), error, isThere: Boolean(data) };
}
