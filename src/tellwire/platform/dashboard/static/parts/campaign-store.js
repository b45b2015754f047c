// Keeping a campaign: what the server has of it, saving, publishing, and what to do when somebody else saved first.
import { html, useState } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { useProblem } from "/static/shared/ui/problems.js";
import { ApiError } from "/static/shared/ui/request.js";
import { go } from "/static/shared/ui/router.js";
import { toast } from "/static/shared/ui/toast.js";
import { get, post, put } from "../api.js";
import { payloadOf, summary } from "../campaign-draft.js";
import { campaignAt } from "../places.js";

const UNSOUND = "The campaign cannot run like this: mend the fields named here.";
const textOf = (draft) => JSON.stringify(payloadOf(draft));
/** @returns {`/campaigns/${string}`} */
const at = (id) => `/campaigns/${encodeURIComponent(id)}`;

/** Asks whether to publish, saying what that will do: in `lines`, or as the form of one message says it. */
export const askToPublish = (draft, provider,
  lines = summary(draft, provider?.nickname ?? "the default provider, and there is none yet")) => ask({
  title: `Publish ${draft.name || "this campaign"}?`,
  body: html`<ul class="stack close">${lines.map((text) => html`<li key=${text}>${text}</li>`)}</ul>`,
  yes: "Publish", no: "Not yet",
});

/** What the server has of a campaign that was just opened. */
export const storedOf = ({ id, start, version }) => ({ id, version, text: textOf(start) });

/** `first` is what the server had when the writing began; `onSaved` hears that nothing is unsaved any more. */
export function useCampaignStore({ first, draft, provider, onSaved }) {
  const [stored, setStored] = useState(first);
  const { problem, errors, show } = useProblem(payloadOf(draft));
  const [isBusy, setBusy] = useState(false);
  const isDirty = textOf(draft) !== stored.text;

  const store = async (over) => {
    const payload = { ...payloadOf(draft), version: over ?? stored.version };
    const saved = await (stored.id ? put(at(stored.id), payload) : post("/campaigns", payload));
    setStored({ id: saved.id, version: saved.version, text: textOf(draft) }); // a second try must not make a second one
    return saved.id;
  };
  const run = async (after, over) => {
    if (isBusy) return;
    setBusy(true);
    try {
      const known = isDirty || !stored.id ? await store(over) : stored.id;
      await after(known);
      onSaved();
      await go(campaignAt(known), { isForced: true });
    } catch (error) {
      show(error);
      setBusy(false);
    }
  };
  /** Whether it could run as it stands; else all that is wrong is shown. */
  const check = async () => {
    const { problems } = await post("/campaigns/check", payloadOf(draft));
    if (Object.keys(problems).length) throw new ApiError(422, { code: "invalid", message: UNSOUND, fields: problems });
  };
  const saved = async () =>
    toast(["running", "paused"].includes(draft.state) ? "Saved: it holds for events from now on."
      : "The draft is saved.");
  const publish = async () => {
    if (isBusy) return;
    try {
      await check();
    } catch (error) {
      return show(error);
    }
    if (!(await askToPublish(draft, provider))) return;
    run(async (known) => { await post(`${at(known)}/publish`); toast(`${draft.name} runs.`); });
  };
  return {
    stored, id: stored.id, isDirty, isBusy, problem, errors, publish,
    save: () => run(saved),
    overwrite: async () => run(saved, (await get(at(stored.id))).version),
  };
}
