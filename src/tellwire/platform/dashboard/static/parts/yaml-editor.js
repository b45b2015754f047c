// Writing a campaign of several steps as YAML: checking it, what becomes of those inside, saving it.
import { html, useLayoutEffect, useRef, useState } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { DraftIsBack, dropDraft, useKeeping, useKept } from "/static/shared/ui/draft.js";
import { Field } from "/static/shared/ui/fields.js";
import { go } from "/static/shared/ui/router.js";
import { toast } from "/static/shared/ui/toast.js";
import { get, post } from "../api.js";
import { campaignAt } from "../places.js";
import { count } from "../words.js";
import { askAffected } from "./affected-table.js";
import { SendMeATest } from "./campaign-test.js";
import { Card } from "./card.js";
import { Difference, Mistakes } from "./differences.js";
import { useGuard } from "./guard.js";

/** What a new campaign begins with. */
export const EXAMPLE = `campaigns:
- name: Abandoned cart
  start: {event: Added To Cart}
  # Once for each cart, until it is paid.
  key: Event.cart_id
  stop: {event: Charged, same: cart_id}
  steps:
  - id: pause
    wait: {for: 30 minutes}
  - id: remind
    send: {text: "{{ Profile.Name }}, your cart is waiting."}
`;

const HINT = "A campaign is known by its name: under another name it becomes another campaign.";
const BEFORE = "Check says what saving would change, or every mistake by its line. Nothing changes until you save.";
const UNSOUND = "It cannot be saved like this: mend what is named here.";

export function YamlEditor({ id, name, state, version, text: stored, people, place, restart }) {
  const kept = useKept(place);
  const [text, setText] = useState(kept?.value.text ?? stored);
  const [result, setResult] = useState(/** @type {any} */ ({ isBusy: false }));
  const isDirty = text !== stored;
  const isInUse = state === "running" || state === "paused";
  const forget = () => dropDraft(place);
  useKeeping(place, isDirty, { text });
  useGuard(isDirty && !result.isSaved, forget);
  const write = (event) => { setText(event.currentTarget.value); setResult({ isBusy: result.isBusy }); };
  const run = async (work) => {
    if (result.isBusy) return;
    setResult({ isBusy: true });
    try {
      await work();
    } catch (error) {
      setResult({ isBusy: false, error, text });
    }
  };
  const body = () => new Blob([text], { type: "application/yaml" });
  const send = (rest) => post(`/import?keep_state=true${rest}`, body());
  const check = () => run(async () => setResult({ isBusy: false, plan: await send("&dry_run=true") }));
  const save = () => run(async () => {
    const plan = await send("&dry_run=true");
    if (!(await mayReplace(plan.changes, { id, name, version }))) return setResult({ isBusy: false });
    const chosen = await fateOf(plan);
    if (chosen === null) return setResult({ isBusy: false, plan });
    const { changes } = await send(`&inside=${chosen}`);
    setResult({ isBusy: true, isSaved: true });
    forget();
    toast(wordsOf(changes, isInUse));
    await go(await placeOf(changes, { id, name }), { isForced: true });
  });
  const submit = (event) => { event.preventDefault(); save(); };
  return html`
    <${DraftIsBack} kept=${kept} onDrop=${restart} />
    <div class="beside">
      <form class="stack" id="yaml" onSubmit=${submit} noValidate>
        <${Field} label="The campaign in YAML" hint=${HINT}>${(tie) => html`
          <textarea class="textarea mono yaml" rows="24" spellcheck="false" autocapitalize="off" wrap="off"
            ...${tie} aria-invalid=${result.error ? "true" : undefined} value=${text} onInput=${write} />`}<//>
        ${isInUse && people > 0 && html`<p class="hint">${count(people, "person is", "people are")} inside. Before you
          save it is asked what becomes of them.</p>`}
      </form>
      <aside aria-label="Check" class="stack"><${Result} result=${result} />
        <div><${SendMeATest} subject=${() => ({ campaign_id: id ? Number(id) : null, yaml: text })} /></div></aside>
    </div>
    <${Bar} ...${{ id, isDirty, isInUse, check, isBusy: result.isBusy }} />`;
}

/** Asks before saving takes away what somebody else saved, or replaces another campaign of that name. */
async function mayReplace(changes, { id, name, version }) {
  const other = changed(changes, "changed").find((one) => !id || one.name !== name);
  if (other) {
    return ask({ title: `Replace ${other.name}?`, yes: "Replace", isDangerous: true,
      body: html`<p>There is a campaign “${other.name}” already. Saving makes it what is written here.</p>` });
  }
  const isNewest = !id || (await get(`/campaigns/${encodeURIComponent(id)}`)).version === version;
  return isNewest || ask({ title: "Save over their changes?", yes: "Save mine over it", isDangerous: true,
    body: html`<p>Somebody else saved this campaign since you opened it. Saving yours takes their changes away.</p>` });
}

/** What becomes of those inside, asked where there are any; null if it is not to be saved. */
function fateOf({ affected }) {
  const [one] = affected;
  return one ? askAffected({ ...one, inside: "finish", yes: "Save changes" }) : "finish";
}

/** The server speaks of importing a file of many campaigns: here it is this one that is saved. */
function inOwnWords({ message, fields = {} }) {
  const places = Object.entries(fields).map(([path, why]) => [path.replace(/^campaigns\.0\./, ""), why]);
  return { message: places.length ? UNSOUND : message, fields: Object.fromEntries(places) };
}

/** What a check or a save answered, in sight as soon as it is there. */
function Result({ result: { isBusy, error, plan, text } }) {
  const box = useRef(null);
  useLayoutEffect(() => { if (error || plan) box.current.scrollIntoView({ block: "nearest" }); }, [error, plan]);
  return html`<div class="stack answer" ref=${box} aria-live="polite" aria-busy=${String(isBusy)}>
    ${error ? html`<${Mistakes} error=${inOwnWords(error)} text=${text} />` : plan ? html`<${Plan} plan=${plan} />`
      : html`<${Card} title="What saving would do"><p class="muted">${BEFORE}</p><//>`}</div>`;
}

const changed = (changes, what) => changes.filter((one) => one.kind === "campaign" && one.what === what);

function wordsOf(changes, isInUse) {
  if (!changes.length) return "Nothing differs from what is stored.";
  if (changed(changes, "created").length) return "The draft is saved.";
  return isInUse ? "Saved: it holds for events from now on." : "Saved.";
}

/** Where to go after saving: to the campaign, or to the one that was made. */
async function placeOf(changes, { id, name }) {
  const [made] = changed(changes, "created");
  if (id && (!made || made.name === name)) return campaignAt(id);
  const { campaigns } = await get("/campaigns");
  const one = campaigns.find((campaign) => campaign.name === (made ?? changes[0])?.name);
  return one ? campaignAt(one.id) : "/campaigns";
}

const Plan = ({ plan: { changes, left_out: leftOut } }) => html`
  <section class="card" aria-label="What saving does"><div class="head"><h2>What saving would do</h2></div>
    ${changes.length ? html`<ul class="body stack close">${changes.map((one) => html`<li key=${one.kind + one.name}>
      <${Difference} what=${one.what} /> <span class="strong break">${one.name}</span>
      ${one.fields.length > 0 && html` <span class="muted line-below break">
        ${one.fields.map((field) => field.replaceAll("_", " ")).join(", ")}</span>`}</li>`)}</ul>`
      : html`<p class="empty">It is right, and nothing differs from what is stored.</p>`}
    ${leftOut.length > 0 && html`<ul class="body stack close">
      ${leftOut.map((text) => html`<li key=${text} class="break">Left out: ${text}</li>`)}</ul>`}</section>`;

function Bar({ id, isDirty, isInUse, isBusy, check }) {
  const busy = isBusy ? "true" : undefined;
  return html`<div class="bar">
    <span class="muted small" role="status">${isDirty ? "Not saved yet" : id ? "Saved" : "New campaign"}</span>
    <div class="row push">
      <a class="button" href=${id ? campaignAt(id) : "/campaigns"}>Cancel</a>
      <button type="button" class="button" aria-disabled=${busy} onClick=${check}>Check</button>
      <button class="button primary" form="yaml" aria-disabled=${busy}>
        ${isInUse ? "Save changes" : "Save draft"}</button>
    </div></div>`;
}
