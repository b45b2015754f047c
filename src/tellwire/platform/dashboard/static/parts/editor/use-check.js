// What the server says of a document as it stands: what must be mended before it can be published, what looks wrong.
import { useEffect, useState } from "/static/shared/ui/preact.js";
import { plainPaths } from "/static/shared/ui/request.js";
import { useRested } from "/static/shared/ui/resource.js";
import { post } from "../../api.js";
import { payloadOf } from "../../document/document.js";

const REST_MS = 500; // of editing, before it is asked

/** What is wrong with a document, by path, and what only looks so. Throws where nothing can be said. */
export async function checked(document, signal) {
  try {
    const { problems, warnings } = await post("/campaigns/check", payloadOf(document), { signal, isAside: true });
    return { problems: plainPaths(problems), warnings: plainPaths(warnings), error: null };
  } catch (error) {
    if (!Object.keys(error.fields ?? {}).length) throw error;
    return { problems: error.fields, warnings: {}, error: null };
  }
}

/** The last answer stands until the next is there. */
export function useCheck(document) {
  const asked = useRested(document, REST_MS);
  const [answer, setAnswer] = useState({ problems: {}, warnings: {}, error: null, isThere: false });
  useEffect(() => {
    const abort = new AbortController();
    checked(asked, abort.signal).then(
      (next) => abort.signal.aborted || setAnswer({ ...next, isThere: true }),
      (error) => abort.signal.aborted || setAnswer((old) => ({ ...old, error })),
    );
    return () => abort.abort();
  }, [JSON.stringify(asked)]);
  return { ...answer, isOld: asked !== document };
}
