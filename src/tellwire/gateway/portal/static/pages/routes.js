// The routing table, and the dry run: which carrier a number would take, and why.
import { html, useRef, useState } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Choice, SelectField, TextField, Toggle } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { usePolled } from "/static/shared/ui/resource.js";
import { Bones, Empty, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { get, may, post, put } from "../api.js";
import { FormDialog } from "../form.js";
import { Page } from "../shell.js";
import { Health } from "./overview.js";

const EVERY_MS = 5000;
const percent = (part) => `${(100 * part).toFixed(part > 0 && part < 0.01 ? 1 : 0)} %`;
const fitsAll = (rule) => rule.is_enabled && !rule.prefix && !rule.mcc && !rule.source;
const words = (rule) => [rule.prefix ? `numbers that begin with +${rule.prefix}` : "every number", rule.mcc && `in network ${rule.mcc} ${rule.mnc}`.trim(), rule.source && `from ${rule.source}`].filter(Boolean).join(", ");
const bare = ({ id, prefix, mcc, mnc, source, by, is_enabled, shares }) => ({ id, prefix, mcc, mnc, source, by, is_enabled, shares: shares.map(({ carrier, weight }) => ({ carrier, weight: Number(weight) || 0 })) });

export default function RoutesPage() {
  const { data, error, reload, put: show } = usePolled((signal) => get("/routes", { signal }), [], EVERY_MS);
  const [open, setOpen] = useState(null); // {rule, at}: the rule in the form and its place
  const isOwner = may("owner");
  const saveAll = async (rules) => show(await put("/routes", { version: data.version, rules: rules.map(bare) }));
  const quietly = async (rules, said) => {
    try {
      await saveAll(rules);
      toast(said);
    } catch (problem) {
      toast(problem.message);
      reload();
    }
  };
  const save = async (rule) => {
    const rules = data.rules.slice();
    if (open.at === null) rules.unshift(rule); else rules[open.at] = rule;
    try {
      await saveAll(rules);
    } catch (problem) {
      // The server names the field by the rule's place in the table; the form has only its own fields.
      problem.fields = Object.fromEntries(Object.entries(problem.fields ?? {}).map(([path, why]) => [path.replace(/^rules\.\d+\./, ""), why]));
      throw problem;
    }
    setOpen(null);
    toast("The routes are saved and hold for messages from now on.");
  };
  const move = (at, by) => {
    const rules = data.rules.slice();
    [rules[at], rules[at + by]] = [rules[at + by], rules[at]];
    return quietly(rules, "The order is changed.");
  };
  const drop = async (at) => {
    const rule = data.rules[at];
    const isSure = await ask({ title: "Delete this rule?", body: html`<p>It fits ${words(rule)}. ${fitsAll(rule) && data.rules.filter(fitsAll).length === 1 ? "Numbers that no other rule fits have no route then, and messages to them are refused." : "Its messages take the next rule that fits."}</p>`, yes: "Delete the rule", isDangerous: true });
    if (isSure) await quietly(data.rules.filter((_, place) => place !== at), "The rule is deleted.");
  };
  const fresh = () => setOpen({ at: null, rule: { id: "", prefix: "", mcc: "", mnc: "", source: "", by: "weight", is_enabled: true, shares: [{ carrier: data.carriers[0]?.name ?? "", weight: 1 }] } });

  return html`<${Page} title="Routes" lead="The longest prefix that a number begins with decides; then a sender ID, a network, and the order here."
    actions=${isOwner && data?.carriers.length > 0 && html`<button type="button" class="button primary" onClick=${fresh}><${Icon} name="plus" size=${14} />New rule</button>`}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${data?.is_default && html`<div class="banner"><${Icon} name="info" /><p class="grow">There is no rule of your own: every message goes to the carriers below by equal shares. A rule that you add goes before this one.</p></div>`}
    ${data && !data.rules.some(fitsAll) && html`<div class="banner warn"><${Icon} name="warning" /><p class="grow">No rule fits every number: messages that no rule fits are refused. Add one without a prefix to catch them.</p></div>`}
    <div class="beside"><section class="card" aria-label="Rules">${!data ? !error && html`<${Bones} rows=${5} />` : data.rules.length ? html`<ol class="rules">${data.rules.map((rule, at) => html`<${Rule} key=${rule.id} ...${{ rule, at, isOwner, move, drop }} last=${data.rules.length - 1} carriers=${data.carriers} edit=${() => setOpen({ at, rule })} />`)}</ol>` : html`<${Empty} title="No rule"><p>Messages have no route.</p><//>`}</section>
      <aside><${DryRun} /></aside></div>
    ${open && html`<${FormDialog} title=${open.at === null ? "New rule" : "Change the rule"} onClose=${() => setOpen(null)} first=${open.rule} save=${save} draw=${(values, set, errors) => html`<${RuleFields} ...${{ values, set, errors }} carriers=${data.carriers} />`} />`}<//>`;
}

const Rule = ({ rule, at, last, isOwner, carriers, move, drop, edit }) => html`<li>
  <div class="row"><span class="strong">${rule.prefix ? html`<span class="number">+${rule.prefix}…</span>` : "Every number"}</span>
    ${rule.mcc && html`<span class="badge">network ${rule.mcc} ${rule.mnc}</span>`}${rule.source && html`<span class="badge">from ${rule.source}</span>`}
    ${rule.by === "price" && html`<span class="badge">cheapest healthy</span>`}${!rule.is_enabled && html`<span class="badge"><${Icon} name="pause" size=${12} />Off</span>`}
    ${isOwner && html`<span class="row tight push">
      <button type="button" class="button quiet square little" aria-label="Move the rule for ${words(rule)} up" aria-disabled=${at === 0 ? "true" : undefined} onClick=${() => at > 0 && move(at, -1)}><${Icon} name="lift" size=${14} /></button>
      <button type="button" class="button quiet square little" aria-label="Move the rule for ${words(rule)} down" aria-disabled=${at === last ? "true" : undefined} onClick=${() => at < last && move(at, 1)}><${Icon} name="down" size=${14} /></button>
      <button type="button" class="button little" aria-label="Change the rule for ${words(rule)}" onClick=${edit}>Change</button>
      <button type="button" class="button little danger" aria-label="Delete the rule for ${words(rule)}" onClick=${() => drop(at)}>Delete</button></span>`}</div>
  <ul class="shares">${rule.shares.map((share) => { const carrier = carriers.find((one) => one.name === share.carrier); return html`<li key=${share.carrier}>
    <span class="row tight"><span class="dot ${carrier?.is_up ? "good" : "bad"}" /><span class="cut">${share.carrier}</span><span class="unseen">${carrier?.is_up ? "up" : "down"}</span></span>
    <i class="meter" aria-hidden="true"><i style=${{ width: percent(share.takes) }} /></i>
    <span class="small number">${percent(share.takes)}</span><span class="tiny muted">${share.weight ? `weight ${share.weight}` : "reserve"}${carrier && carrier.share < 1 ? `, health ${percent(carrier.share)}` : ""}</span></li>`; })}</ul></li>`;

function RuleFields({ values, set, errors, carriers }) {
  const shares = values.shares;
  const change = (at, part) => set({ shares: shares.map((share, place) => (place === at ? { ...share, ...part } : share)) });
  const unused = carriers.filter(({ name }) => !shares.some((share) => share.carrier === name));
  return html`
    <div class="two"><${TextField} label="Prefix" class="mono" inputmode="numeric" hint="Digits without a plus. Empty fits every number." value=${values.prefix} error=${errors.prefix} onValue=${(prefix) => set({ prefix: prefix.replace(/[+\s]/g, "") })} />
      <${TextField} label="Sender ID" optional=${true} hint="Only messages from this sender." value=${values.source} error=${errors.source} onValue=${(source) => set({ source })} /></div>
    <div class="two"><${TextField} label="MCC" optional=${true} inputmode="numeric" maxlength="3" hint="Where the prices know a number's network." value=${values.mcc} error=${errors.mcc} onValue=${(mcc) => set({ mcc })} />
      <${TextField} label="MNC" optional=${true} inputmode="numeric" maxlength="3" value=${values.mnc} error=${errors.mnc} onValue=${(mnc) => set({ mnc })} /></div>
    <fieldset class="field"><legend class="label">Carriers</legend><p class="hint">Weight 0 is a reserve for the time when all others are down.</p>
      ${shares.map((share, at) => html`<div class="share" key=${at}>
        <${SelectField} label="Carrier ${at + 1}" isLabelUnseen=${true} value=${share.carrier} options=${carriers.filter(({ name }) => name === share.carrier || unused.some((one) => one.name === name)).map(({ name }) => [name, name])} onValue=${(carrier) => change(at, { carrier })} />
        <${TextField} label="Weight of ${share.carrier}" isLabelUnseen=${true} inputmode="numeric" placeholder="Weight" value=${String(share.weight)} onValue=${(weight) => change(at, { weight: weight.replace(/\D/g, "") })} />
        <button type="button" class="button quiet square" aria-label="Remove ${share.carrier}" aria-disabled=${shares.length === 1 ? "true" : undefined} onClick=${() => shares.length > 1 && set({ shares: shares.filter((_, place) => place !== at) })}><${Icon} name="cross" /></button></div>`)}
      ${errors.shares && html`<p class="wrong"><${Icon} name="warning" size=${13} /><span>${errors.shares}</span></p>`}
      ${unused.length > 0 && html`<div><button type="button" class="button little" onClick=${() => set({ shares: [...shares, { carrier: unused[0].name, weight: 1 }] })}><${Icon} name="plus" size=${13} />Add a carrier</button></div>`}</fieldset>
    <${Choice} label="They share" value=${values.by} onValue=${(by) => set({ by })} options=${[["weight", "By weight"], ["price", "Cheapest healthy first"]]} />
    <${Toggle} label="In force" checked=${values.is_enabled} onValue=${(is_enabled) => set({ is_enabled })} />`;
}

function DryRun() {
  const [number, setNumber] = useState("");
  const [source, setSource] = useState("");
  const [found, setFound] = useState(null);
  const [error, setError] = useState(null);
  const asked = useRef(0); // an answer that was overtaken by a newer question is dropped
  const run = async (event) => {
    event.preventDefault();
    const mine = ++asked.current;
    const show = (answer, problem) => { if (mine === asked.current) { setFound(answer); setError(problem); } };
    await post("/routes/dry-run", { number, source }).then((answer) => show(answer, null), (problem) => show(null, problem));
  };
  return html`<section class="card" aria-label="Dry run"><div class="head"><h2>Dry run</h2><span class="small muted">Nothing is sent</span></div><form class="body stack" onSubmit=${run} novalidate>
    <${TextField} label="Number" inputmode="tel" placeholder="+65 9123 4567" data-search value=${number} error=${error?.fields.number} onValue=${setNumber} />
    <${TextField} label="Sender ID" optional=${true} value=${source} error=${error?.fields.source} onValue=${setSource} />
    <button class="button primary">Which carrier?</button>
    ${error && !Object.keys(error.fields).length && html`<${Failure} error=${error} />`}
    <div role="status">${found && html`<div class="stack close">
      <p>${found.carrier ? html`<span class="number">${found.number}</span>${found.country ? ` (${found.country})` : ""} goes to <span class="strong">${found.carrier}</span>.` : html`<${Health} health="down" /> There is no route for <span class="number">${found.number}</span>: the message would be refused.`}</p>
      <ol class="why">${found.steps.map((step, at) => html`<li key=${at}><span class="knob ${step.led_on ? "good" : ""}"><${Icon} name=${step.led_on ? "check" : "minus"} size=${12} /></span><span><span class="strong">${step.about}</span><br /><span class="small muted">${step.seen}</span></span></li>`)}</ol></div>`}</div></form></section>`;
}
