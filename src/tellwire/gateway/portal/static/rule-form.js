// The form of one routing rule: which messages it fits, which carriers take them, and what that would change.
import { html } from "/static/shared/ui/preact.js";
import { Choice, SelectField, TextField, Toggle, Wrong } from "/static/shared/ui/fields.js";
import { FormDialog } from "/static/shared/ui/form/form.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Rerouting } from "./rerouting.js";

const FITS = [["some", "Some messages"], ["all", "Every number"]];
const WAYS = [["weight", "By weight"], ["price", "Cheapest healthy first"]];
const ANYTHING = { prefix: "", mcc: "", mnc: "", source: "" };

export const newRule = (carrier) => ({
  ...ANYTHING, id: "", fits_all: false, by: "weight", is_enabled: true, shares: [{ carrier, weight: 1 }],
});

const valuesOf = ({ fits_all: isAll, ...rule }) => ({ ...rule, fits: isAll ? "all" : "some" });
const ruleOf = ({ fits, ...rule }) => (fits === "all" ? { ...rule, ...ANYTHING, fits_all: true }
  : { ...rule, fits_all: false });

/** `withRule(rule)` are all rules with this one in its place; `save(rule)` keeps them. */
export const RuleForm = ({ rule, carriers, version, withRule, save, onClose }) => html`<${FormDialog}
  title=${rule.id ? "Change the rule" : "New rule"} onClose=${onClose} first=${valuesOf(rule)}
    save=${(values) => save(ruleOf(values))}
  draw=${(values, set, errors) => html`
    <${Choice} label="Fits" value=${values.fits} onValue=${(fits) => set({ fits })} options=${FITS} />
    ${values.fits === "some" ? html`<${Conditions} ...${{ values, set, errors }} />` : html`
      <p class="hint">Messages that no rule with a prefix takes. Among rules for every number the first one
        decides.</p>`}
    <${Shares} ...${{ carriers, set }} shares=${values.shares} error=${errors.shares} />
    <${Choice} label="They share" value=${values.by} onValue=${(by) => set({ by })} options=${WAYS} />
    <${Toggle} label="In force" checked=${values.is_enabled} onValue=${(is_enabled) => set({ is_enabled })} />
    <${Rerouting} version=${version} rules=${withRule(ruleOf(values))} />`} />`;

const Conditions = ({ values, set, errors }) => html`
  <div class="two">
    <${TextField} label="Prefix" class="mono" inputmode="numeric" hint="Digits without a plus, such as 65."
      value=${values.prefix} error=${errors.prefix ?? errors.fits_all}
        onValue=${(prefix) => set({ prefix: prefix.replace(/[+\s]/g, "") })} />
    <${TextField} label="Sender ID" optional=${true} hint="Only messages from this sender." value=${values.source}
      error=${errors.source} onValue=${(source) => set({ source })} /></div>
  <div class="two"><${TextField} label="MCC" optional=${true} inputmode="numeric" maxlength="3"
    hint="Where the prices know a number's network."
      value=${values.mcc} error=${errors.mcc} onValue=${(mcc) => set({ mcc })} />
    <${TextField} label="MNC" optional=${true} inputmode="numeric" maxlength="3" value=${values.mnc} error=${errors.mnc}
      onValue=${(mnc) => set({ mnc })} /></div>`;

function Shares({ shares, carriers, set, error }) {
  const change = (at, part) =>
    set({ shares: shares.map((share, place) => (place === at ? { ...share, ...part } : share)) });
  const drop = (at) => shares.length > 1 && set({ shares: shares.filter((_, place) => place !== at) });
  const unused = carriers.map(({ name }) => name).filter((name) => !shares.some(({ carrier }) => carrier === name));
  return html`<fieldset class="field"><legend class="label">Carriers</legend>
    <p class="hint">Weight 0 is a reserve for the time when all others are down.</p>
    ${shares.map((share, at) => html`<div class="share" key=${at}>
      <${SelectField} label="Carrier ${at + 1}" isLabelUnseen=${true} value=${share.carrier}
        options=${[share.carrier, ...unused].map((name) => [name, name])}
          onValue=${(carrier) => change(at, { carrier })} />
      <${TextField} label="Weight of ${share.carrier}" isLabelUnseen=${true} inputmode="numeric" placeholder="Weight"
        value=${String(share.weight)} onValue=${(weight) => change(at, { weight: weight.replace(/\D/g, "") })} />
      <button type="button" class="button quiet square" aria-label="Remove ${share.carrier}"
        aria-disabled=${shares.length === 1 ? "true" : undefined} onClick=${() => drop(at)}>
          <${Icon} name="cross" /></button></div>`)}
    ${error && html`<${Wrong}>${error}<//>`}
    ${unused.length > 0 && html`<div><button type="button" class="button little"
      onClick=${() => set({ shares: [...shares, { carrier: unused[0], weight: 1 }] })}>
        <${Icon} name="plus" size=${13} />Add a carrier</button></div>`}
  </fieldset>`;
}
