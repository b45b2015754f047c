// Changes of providers: shown at once, taken back with the server's reason, and with Undo where they can be undone.
import { ask } from "/static/shared/ui/dialog.js";
import { html } from "/static/shared/ui/preact.js";
import { toast } from "/static/shared/ui/toast.js";
import { del, get, post } from "../api.js";
import { write } from "../data.js";
import { count } from "../words.js";
import { askToStop } from "./stop.js";

const PATH = "/providers";
const TOPICS = /** @type {Topic[]} */ (["providers", "campaigns"]);
/** @returns {`/providers/${string}`} */
const at = (id) => `${PATH}/${encodeURIComponent(id)}`;

/** Changes the provider with this id by `change`, and the others by `changeOthers`; null is gone. */
const inList = (id, change, changeOthers = (one) => one) => (list) => ({
  ...list, providers: list.providers.map((one) => (one.id === id ? change(one) : changeOthers(one))).filter(Boolean),
});

const isDefault = (one, is) => ({ ...one, is_default: is });

/** `before` is the default now, if there is one: Undo makes it the default again. */
export const makeDefault = (provider, before) => write({
  path: PATH, topics: TOPICS, failed: `${provider.nickname} is not the default.`,
  change: inList(provider.id, (one) => isDefault(one, true), (one) => isDefault(one, false)),
  send: () => post(`${at(provider.id)}/default`),
  done: () => `${provider.nickname} is the default now.`,
  undo: () => before && (() => makeDefault(before, provider)),
});

export const restore = (provider) => write({
  path: PATH, topics: TOPICS, failed: `${provider.nickname} is not in use again.`,
  change: inList(provider.id, (one) => ({ ...one, archived_at: null, is_default: provider.is_default })),
  send: () => post(`${at(provider.id)}/restore`, { is_default: provider.is_default }),
  done: ({ running }) => `${provider.nickname} is in use again.${also(running, "run again")}`,
});

/** Asks what becomes of messages that wait, and names the campaigns that will stop. */
export async function archive(provider, waiting) {
  const queued = await asked(() => get("/campaigns").then(({ campaigns }) =>
    askToStop(archiving(provider, usersOf(provider, campaigns), waiting))));
  if (!queued) return;
  await write({
    path: PATH, topics: TOPICS, failed: `${provider.nickname} is not archived.`,
    change: inList(provider.id, (one) => ({ ...one, archived_at: new Date().toISOString(), is_default: false })),
    send: () => post(`${at(provider.id)}/archive?queued=${queued}`),
    done: ({ stopped }) => `${provider.nickname} is archived.${also(stopped, "stopped")}`,
    undo: () => () => restore(provider),
  });
}

export async function remove(provider) {
  if (!(await ask(removing(provider)))) return;
  await write({
    path: PATH, topics: TOPICS, failed: `${provider.nickname} is not deleted.`,
    change: inList(provider.id, () => null), send: () => del(at(provider.id)),
    done: () => `${provider.nickname} is deleted.`,
  });
}

const also = (campaigns, what) => (campaigns.length ? ` ${count(campaigns.length, "campaign")} ${what} with it.` : "");

/** What `question` resolves to; that it cannot be asked is said. */
async function asked(question) {
  try {
    return await question();
  } catch (error) {
    toast(error.message);
    return null;
  }
}

/** The running campaigns that send through it: by its name, or because it is the default. */
const usersOf = (provider, campaigns) => campaigns.filter((one) => one.state === "running"
  && (one.provider_id ? one.provider_id === provider.id : provider.is_default));

const NAMED = 6; // campaigns; more would hide the question

function archiving(provider, users, waiting) {
  const named = users.filter((one) => one.provider_id);
  const others = users.filter((one) => !one.provider_id);
  const list = (campaigns) => html`<ul class="bullets">
    ${campaigns.slice(0, NAMED).map((one) => html`<li key=${one.id}>${one.name}</li>`)}
    ${campaigns.length > NAMED && html`<li>and ${count(campaigns.length - NAMED, "more", "more")}</li>`}</ul>`;
  return {
    title: `Archive ${provider.nickname}?`, yes: "Archive", waiting,
    body: html`
      ${named.length ? html`<p>${count(named.length, "campaign")} will stop:</p>${list(named)}`
        : html`<p>No running campaign names it.</p>`}
      ${others.length > 0 && html`<p>It is the default. ${count(others.length, "campaign names", "campaigns name")} no
        provider and will skip every event until another one is the default:</p>${list(others)}`}
      <p>Messages, receipts and figures stay. You can bring it back within a day, and what stopped with it.</p>`,
  };
}

const removing = (provider) => ({
  title: `Delete ${provider.nickname}?`, yes: "Delete", isDangerous: true,
  body: html`<p>Its settings and credentials are gone for good.</p>`,
});
