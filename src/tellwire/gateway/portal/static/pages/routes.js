// The routing table: which carrier takes which messages, in which order, and who may change it.
import { html, useState } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { may, put } from "../api.js";
import { useData } from "../data.js";
import { DryRun } from "../dry-run.js";
import { Page } from "../shell.js";
import { Rerouting } from "../rerouting.js";
import { RuleForm, newRule } from "../rule-form.js";
import { bare, percent, words } from "../rule-words.js";

const EVERY_MS = 5000;
const fitsAll = (rule) => rule.is_enabled && rule.fits_all;
const isSame = (one, other) => JSON.stringify(bare(one)) === JSON.stringify(bare(other));
const CHANGED = "Somebody else changed this rule meanwhile. Close this, look at it, and make your change again.";

/** The errors of the rule at a place, under the names of its own form. */
function ofPlace(problem, at) {
  const start = `rules.${at}.`;
  const own = Object.entries(problem.fields ?? {}).filter(([path]) => path.startsWith(start));
  problem.fields = Object.fromEntries(own.map(([path, why]) => [path.slice(start.length), why]));
  return problem;
}

/** All rules with one changed, or a new one after them. */
function withRule(rules, rule) {
  const at = rules.findIndex(({ id }) => id === rule.id);
  return at < 0 ? [...rules, rule] : rules.map((one, place) => (place === at ? rule : one));
}

/** The table, and what can be done to it; each change can be taken back. */
function useTable() {
  const { data, error, reload, put: show } = useData("/routes", ["routes", "carriers"], { everyMs: EVERY_MS });
  const send = async (version, rules) => {
    const after = await put("/routes", { version, rules: rules.map(bare) });
    show(after);
    return after;
  };
  const quietly = (doing) => doing.catch((problem) => { toast(problem.message); reload(); });
  const change = async (rules, said) => {
    const before = data.rules;
    const { version } = await send(data.version, rules);
    toast(said, { label: "Undo",
      run: () => quietly(send(version, before).then(() => toast("The routes are as before."))) });
  };
  return { data, error, reload, change, quietly };
}

export default function RoutesPage() {
  const { data, error, reload, change, quietly } = useTable();
  const [open, setOpen] = useState(null); // the rule in the form, as it was when the form was opened
  const isOwner = may("owner");
  const save = async (rule) => {
    const known = data.rules.find(({ id }) => id === rule.id);
    if (rule.id && !(known && isSame(known, open))) throw { message: CHANGED };
    const rules = withRule(data.rules, rule);
    try {
      await change(rules, "The rule is saved and holds for messages from now on.");
    } catch (problem) {
      throw ofPlace(problem, rules.indexOf(rule));
    }
    setOpen(null);
  };
  const move = (at, by) => {
    const rules = data.rules.slice();
    [rules[at], rules[at + by]] = [rules[at + by], rules[at]];
    return quietly(change(rules, "The order is changed."));
  };
  const drop = async (at) => {
    const rules = data.rules.filter((_, place) => place !== at);
    const isLast = fitsAll(data.rules[at]) && !rules.some(fitsAll);
    const isSure = await ask({
      title: "Delete this rule?", yes: "Delete the rule", isDangerous: true,
      body: html`<p>It fits ${words(data.rules[at])}. ${isLast
        ? "Numbers that no other rule fits have no route then, and messages to them are refused."
        : "Its messages take the next rule that fits."}</p><${Rerouting} version=${data.version} rules=${rules} />`,
    });
    if (isSure) await quietly(change(rules, "The rule is deleted."));
  };
  const add = html`
    <button type="button" class="button primary" onClick=${() => setOpen(newRule(data.carriers[0].name))}>
    <${Icon} name="plus" size=${14} />New rule</button>`;

  return html`<${Page} title="Routes" actions=${isOwner && data?.carriers.length > 0 && add}
    lead="The longest prefix that a number begins with decides; then a sender ID, a network, and the order here.">
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${data && html`<${Notes} ...${data} />`}
    <div class="beside"><section class="card" aria-label="Rules">
      ${!data ? !error && html`<${Bones} rows=${5} />` : data.rules.length === 0
        ? html`<${Empty} title="No rule"><p>Messages have no route.</p><//>` : html`
        <ol class="rules">
          ${data.rules.map((rule, at) => html`<${Rule} key=${rule.id} ...${{ rule, at, isOwner, move, drop }}
          last=${data.rules.length - 1} carriers=${data.carriers} edit=${() => setOpen(rule)} />`)}</ol>`}</section>
      <aside><${DryRun} /></aside></div>
    ${open && html`<${RuleForm} rule=${open} carriers=${data.carriers} version=${data.version} save=${save}
      withRule=${(rule) => withRule(data.rules, rule)} onClose=${() => setOpen(null)} />`}<//>`;
}

const Notes = ({ is_default, rules }) => html`
  ${is_default && html`<div class="banner"><${Icon} name="info" />
    <p class="grow">There is no rule of your own: every message goes to the
    carriers below by equal shares. A rule that you add for some messages goes before this one.</p></div>`}
  ${!rules.some(fitsAll) && html`<div class="banner warn"><${Icon} name="warning" />
    <p class="grow">No rule fits every number: messages that
    no rule fits are refused. Add one for every number to catch them.</p></div>`}`;

const Rule = ({ rule, at, last, isOwner, carriers, move, drop, edit }) => html`<li>
  <div class="row"><span class="muted number">${at + 1}</span>
    <span class="strong">${rule.prefix ? html`<span class="number">+${rule.prefix}…</span>` : "Every number"}</span>
    ${rule.mcc && html`<span class="badge">network ${rule.mcc} ${rule.mnc}</span>`}
    ${rule.source && html`<span class="badge">from ${rule.source}</span>`}
    ${rule.by === "price" && html`<span class="badge">cheapest healthy</span>`}
    ${!rule.is_enabled && html`<span class="badge"><${Icon} name="pause" size=${12} />Off</span>`}
    ${isOwner && html`<span class="row tight push">
      <${Step} name="lift" label="Move the rule for ${words(rule)} up" isOff=${at === 0} run=${() => move(at, -1)} />
      <${Step} name="down" label="Move the rule for ${words(rule)} down" isOff=${at === last}
        run=${() => move(at, 1)} />
      <button type="button" class="button little" aria-label="Change the rule for ${words(rule)}"
        onClick=${edit}>Change</button>
      <button type="button" class="button little danger" aria-label="Delete the rule for ${words(rule)}"
        onClick=${() => drop(at)}>Delete</button>
    </span>`}</div>
  <ul class="shares">${rule.shares.map((share) => html`<${Share} key=${share.carrier} share=${share}
    carrier=${carriers.find(({ name }) => name === share.carrier)} />`)}</ul></li>`;

const Step = ({ name, label, isOff, run }) =>
  html`<button type="button" class="button quiet square little" aria-label=${label}
  aria-disabled=${isOff ? "true" : undefined} onClick=${() => isOff || run()}><${Icon} name=${name} size=${14} />
    </button>`;

const Share = ({ share, carrier }) => html`<li>
  <span class="row tight"><span class="dot ${carrier?.is_up ? "good" : "bad"}" /><span class="cut">${share.carrier}
    </span>
    <span class="unseen">${carrier?.is_up ? "up" : "down"}</span></span>
  <i class="meter" aria-hidden="true"><i style=${{ width: `${100 * share.takes}%` }} /></i>
  <span class="small number">${percent(share.takes)}</span>
  <span class="tiny muted">${share.weight ? `weight ${share.weight}` : "reserve"}${
    carrier && carrier.share < 1 ? `, health ${percent(carrier.share)}` : ""}</span></li>`;
