// Keeping a document: what the server has of it, saving, publishing, and what to do when somebody else saved first.
import { useState } from "/static/shared/ui/preact.js";
import { useProblem } from "/static/shared/ui/problems.js";
import { ApiError } from "/static/shared/ui/request.js";
import { go } from "/static/shared/ui/router.js";
import { toast } from "/static/shared/ui/toast.js";
import { get, post, put } from "../../api.js";
import { changed } from "../../data.js";
import { publishingLines } from "../../document/blocks.js";
import { payloadOf } from "../../document/document.js";
import { campaignAt } from "../../places.js";
import { askToPublish } from "../campaign-store.js";
import { askWhatBecomes } from "./affected.js";
import { checked } from "./use-check.js";

const UNSOUND = "The campaign cannot run like this: mend the fields named here.";
const SAVED = "Saved: it holds for events from now on.";
const textOf = (document) => JSON.stringify(payloadOf(document));
/** @returns {`/campaigns/${string}`} */
const at = (id) => `/campaigns/${encodeURIComponent(id)}`;

/** What the server has of a campaign that was just opened. */
export const storedOf = ({ id, document, version }) => ({ id, version, text: textOf(document) });

/**
 * `first` is what the server had when the writing began; `newest()` resolves to the document as it is now, or to null
 * where it cannot be read; `onProblem(fields)` hears what is wrong as it is shown, `onSaved` that all is saved.
 */
export function useDocumentStore({ first, document, newest, state, provider, onProblem, onSaved }) {
  const [stored, setStored] = useState(first);
  const { problem, errors, show } = useProblem(payloadOf(document));
  const [isBusy, setBusy] = useState(false);
  const isInUse = ["running", "paused"].includes(state);

  const fail = (error) => { onProblem(error.fields ?? {}); show(error); };
  /** Does `work` with the newest document, one at a time; what goes wrong is shown. */
  const once = async (work) => {
    if (isBusy) return;
    setBusy(true);
    try {
      const now = await newest();
      const href = now && await work(now);
      if (!href) return setBusy(false);
      onSaved();
      changed("campaigns");
      await go(href, { isForced: true });
    } catch (error) {
      fail(error);
      setBusy(false);
    }
  };
  const store = async (now, { version = stored.version, inside = "finish" } = {}) => {
    if (stored.id && textOf(now) === stored.text && version === stored.version) return stored.id;
    const payload = { ...payloadOf(now), version };
    const saved = await (stored.id ? put(/** @type {any} */ (`${at(stored.id)}?inside=${inside}`), payload)
      : post("/campaigns", payload));
    setStored({ id: saved.id, version: saved.version, text: textOf(now) }); // a second try must not make a second one
    return saved.id;
  };
  const save = async (now, over) => {
    const inside = isInUse ? await askWhatBecomes(stored.id, now) : "finish";
    if (!inside) return null;
    const id = await store(now, { version: over, inside });
    toast(isInUse ? SAVED : "The draft is saved.");
    return campaignAt(id);
  };
  const publish = async (now) => {
    const { problems } = await checked(now);
    if (Object.keys(problems).length) throw new ApiError(422, { code: "invalid", message: UNSOUND, fields: problems });
    if (!(await askToPublish(payloadOf(now).name, publishingLines(now, provider)))) return null;
    const id = await store(now);
    await post(`${at(id)}/publish`);
    toast(`${payloadOf(now).name} runs.`);
    return campaignAt(id);
  };
  return {
    stored, id: stored.id, isDirty: textOf(document) !== stored.text, isBusy, isInUse, problem, errors,
    save: () => once((now) => save(now)),
    overwrite: () => once(async (now) => save(now, (await get(at(stored.id))).version)),
    publish: () => once(publish),
  };
}
