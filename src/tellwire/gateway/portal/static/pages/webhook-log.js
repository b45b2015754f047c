// The delivery log: every try to post a receipt, what the receiver answered, and posting one again.
import { html, useState } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { usePaged } from "/static/shared/ui/paged.js";
import { query } from "/static/shared/ui/request.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { Status } from "/static/shared/ui/badge.js";
import { Time } from "/static/shared/ui/time.js";
import { toast } from "/static/shared/ui/toast.js";
import { count, when } from "/static/shared/ui/words.js";
import { get, may, post } from "../api.js";
import { WEBHOOKS, inboundAt, messageAt } from "../places.js";
import { byMessage, postsOf } from "../tries.js";

const SHOWN = [["", "All"], ["1", "Failed"]];

async function postAgain(id) {
  try {
    await post(`/webhooks/log/${id}/again`);
    toast("It is posted once more, after what waits of the same message.");
  } catch (problem) {
    toast(problem.message);
  }
}

/** What the receiver said: the HTTP status, or why there was none. */
export const Answer = ({ one }) => {
  const isTaken = one.status >= 200 && one.status < 300;
  return html`<span class="badge ${isTaken ? "good" : "bad"}"><${Icon} name=${isTaken ? "check" : "cross"} size=${12} />
    ${one.status ?? "No answer"}</span>
    ${!isTaken && html`<span class="small muted"> ${one.status ? "" : one.reason}
      ${one.is_over ? " · given up" : " · tried again"}</span>`}`;
};

export function Again({ one, onDone }) {
  const [isBusy, setBusy] = useState(false);
  const run = async () => {
    if (isBusy) return; // a second click would post it a second time
    setBusy(true);
    await postAgain(one.id);
    setBusy(false);
    onDone();
  };
  return html`<button type="button" class="button little" aria-label="Post again: try ${one.id}"
    aria-disabled=${isBusy ? "true" : undefined} onClick=${run}>Post again</button>`;
}

const OTHERS = { inbound: ["message", "Text in"], clicked: ["arrow", "Click"], answered: ["checks", "Survey answer"],
  erased: ["trash", "Erased"] };

/** The news in a post: where a message stands, or something else that happened. */
export const What = ({ event }) => {
  const [icon, name] = OTHERS[event] ?? [];
  return icon ? html`<span class="badge accent"><${Icon} name=${icon} size=${12} />${name}</span>`
    : html`<${Status} status=${event} />`;
};

/** All tries by message, or those of one message or text. */
export function WebhookLog({ umid = "" }) {
  const [failed, setFailed] = useState("");
  const list = usePaged(async (before, signal) => {
    const { tries, next } = await get(`/webhooks/log${query({ failed, umid, before })}`, { signal });
    return { rows: tries, next };
  }, [failed, umid]);
  return html`<section class="card" aria-label="Delivery log"><div class="head"><h2>Delivery log</h2>
      ${umid && html`<span class="badge accent">of <span class="mono">${umid.slice(0, 8)}…</span></span>
        <a class="small" href=${WEBHOOKS}>Show all</a>`}
      <div class="chips" role="group" aria-label="Which tries">${SHOWN.map(([key, name]) => html`
        <button type="button" class="chip" key=${key} aria-pressed=${String(failed === key)}
          onClick=${() => setFailed(key)}>${name}</button>`)}</div>
      <button type="button" class="button quiet little push" onClick=${list.reload}>
        <${Icon} name="again" size=${13} />Refresh</button></div>
    ${list.error && html`<div class="body"><${Failure} error=${list.error} retry=${list.reload} /></div>`}
    ${!list.isLoaded ? !list.error && html`<${Bones} rows=${5} />`
      : list.rows.length === 0 ? html`<p class="empty small">${failed ? "No try failed." : "Nothing was posted yet."}
        </p>`
      : html`<${Posts} messages=${byMessage(list.rows)} onDone=${list.reload} />`}
    ${list.next && html`<div class="more">
      <button type="button" class="button" onClick=${list.more}>Older tries</button></div>`}</section>`;
}

const Posts = ({ messages, onDone }) => html`<table class="table stacked posts"><thead><tr>
    <th scope="col">Told</th><th scope="col">Posted to</th><th scope="col">Answer</th><th scope="col">Tries</th>
    ${may("developer") && html`<th scope="col"><span class="unseen">Actions</span></th>`}</tr></thead>
  ${messages.map(({ key, umid, isText, posts }) => html`<tbody key=${key}>
    <tr><th scope="rowgroup" colspan="5"><span class="row">
      ${umid ? html`<a class="mono small break" href=${isText ? inboundAt(umid) : messageAt(umid)}>${umid}</a>`
        : html`<span class="muted small">a message that was erased</span>`}
      <span class="small muted number push"><${At} one=${posts[0].newest} /></span></span></th></tr>
    ${posts.map((post) => html`<tr key=${post.key}><td><${What} event=${post.newest.event} /></td>
      <td><span class="id mono small muted" title=${post.newest.url}>${post.newest.url}</span></td>
      <td><${Answer} one=${post.newest} /></td><td class="small"><${Tries} ...${post} /></td>
      ${may("developer") && html`<td class="actions-cell"><${Again} one=${post.newest} onDone=${onDone} /></td>`}
    </tr>`)}</tbody>`)}</table>`;

/** The posts of one message or text in the order of time; `tries` are in that order too. */
export const PostList = ({ tries, onDone }) => postsOf([...tries].reverse()).reverse().map((post) => html`
  <li key=${post.key}><span class="plain"><span class="post">
    ${post.newest.event && html`<${What} event=${post.newest.event} /> `}<${Answer} one=${post.newest} />
    <br /><span class="id mono small muted" title=${post.newest.url}>${post.newest.url}</span>
    <span class="small"><${Tries} ...${post} /></span></span>
    <span class="row tight nowrap"><span class="small muted"><${At} one=${post.newest} /></span>
      ${may("developer") && html`<${Again} one=${post.newest} onDone=${onDone} />`}</span></span></li>`);

const At = ({ one }) => html`<${Time} at=${one.at} as=${when} />`;

/** How often it was tried; the tries before the newest one fold out. */
const Tries = ({ newest, earlier }) => earlier.length === 0
  ? html`<span class="muted nowrap">try ${newest.attempt}</span>`
  : html`<details class="tries"><summary class="nowrap">${count(earlier.length + 1, "try", "tries")}</summary>
    <ol>${earlier.map((one) => html`<li key=${one.id}><span class="muted">
      <${At} one=${one} /> · try ${one.attempt} · </span>
      ${one.status ?? one.reason}</li>`)}</ol></details>`;
