// A step that splits by chance: a share of the people for each branch.
import { html } from "/static/shared/ui/preact.js";
import { TextField, Wrong } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { put } from "../../document/tree.js";
import { RawPart } from "../editor/raw-part.js";

const HUNDRED = 100;
const NEAR = 0.005; // shares are written with decimals

export function SplitForm({ shares, onShares, path, errors }) {
  const sum = shares.reduce((all, { share }) => all + share, 0);
  const isWhole = Math.abs(sum - HUNDRED) < NEAR;
  const even = () => {
    const share = Math.floor(HUNDRED / shares.length);
    onShares(shares.map((one, at) => ({ ...one, share: at ? share : HUNDRED - share * (shares.length - 1) })));
  };
  const rest = Math.max(0, HUNDRED - sum);
  return html`<div class="stack close" data-path=${path}>
    ${shares.map((one, at) => html`<div class="joined" key=${at}>
      <div class="span"><${TextField} label="Share ${at + 1}, percent" isLabelUnseen type="number" min="0" max="100"
        step="any" inputmode="decimal" class="few" value=${one.share}
        onValue=${(text) => onShares(put(shares, String(at), { ...one, share: Number(text) || 0 }))} />
        <span class="muted">% of the people go to branch ${at + 1}</span></div>
      <button type="button" class="button quiet square push" aria-label="Remove branch ${at + 1}"
        onClick=${() => onShares(put(shares, String(at), undefined))}><${Icon} name="cross" /></button></div>
      ${one.winner && html`<${RawPart} label="Winner that branch ${at + 1} is" value=${one.winner}
        path="${path}.${at}.winner" error=${errors[`${path}.${at}.winner`]}
        onValue=${(winner) => onShares(put(shares, String(at), { ...one, winner }))} />`}`)}
    <p class=${isWhole ? "hint" : "wrong"} role="status">Together ${sum} %${isWhole ? "" : ": it has to be 100 %"}.</p>
    ${errors[path] && isWhole && html`<${Wrong}>${errors[path]}<//>`}
    <div class="row"><button type="button" class="button little"
      onClick=${() => onShares([...shares, { share: rest, steps: [] }])}><${Icon} name="plus" size=${13} />Add a branch
      </button>
      ${shares.length > 1 && html`<button type="button" class="button little" onClick=${even}>Share evenly
        </button>`}</div>
  </div>`;
}
