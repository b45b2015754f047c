// Form controls with their label, hint and error tied together for everybody, including screen readers.
import { html, useId } from "./preact.js";
import { Icon } from "./icons.js";

export const Wrong = ({ id, children }) => html`<p class="wrong" id=${id}><${Icon} name="warning" size=${13} /><span>
  ${children}</span></p>`;

/** Wraps one control. `children` is a function of the attributes the control must carry. */
export function Field({ label, hint, error, optional = false, children, isLabelUnseen = false }) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return html`<div class="field">
    <label for=${id} class=${isLabelUnseen ? "unseen" : undefined}>${label}
      ${optional && html` <span class="muted small">optional</span>`}</label>
    ${children({ id, "aria-describedby": described, "aria-invalid": error ? "true" : undefined })}
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
    ${error && html`<${Wrong} id="${id}-error">${error}<//>`}
  </div>`;
}

export function TextField({ label, hint, error, optional, isLabelUnseen, value, onValue, class: extra = "", ...rest }) {
  return html`<${Field} ...${{ label, hint, error, optional, isLabelUnseen }}>${(tie) => html`
    <input class="input ${extra}" type="text" autocomplete="off" ...${rest} ...${tie} value=${value}
      onInput=${(event) => onValue(event.currentTarget.value)} />`}<//>`;
}

export function SelectField({ label, hint, error, isLabelUnseen, value, onValue, options, ...rest }) {
  return html`<${Field} ...${{ label, hint, error, isLabelUnseen }}>${(tie) => html`
    <select class="select" ...${rest} ...${tie} value=${value}
      onChange=${(event) => onValue(event.currentTarget.value)}>
      ${options.map(([key, text]) => html`<option key=${key} value=${key} selected=${key === value}>${text}</option>`)}
    </select>`}<//>`;
}

/** One of a few, all visible: a radio group that looks like a row of buttons. */
export function Choice({ label, hint, value, onValue, options, isLabelUnseen = false }) {
  const name = useId();
  return html`<fieldset class="field">
    <legend class=${isLabelUnseen ? "unseen" : "label"}>${label}</legend>
    <div><div class="choice">${options.map(([key, text]) => html`
      <label key=${key}><input type="radio" name=${name} checked=${key === value} onChange=${() => onValue(key)} />
        ${text}</label>`)}
    </div></div>
    ${hint && html`<p class="hint">${hint}</p>`}
  </fieldset>`;
}

export function Toggle({ label, hint, checked, onValue, disabled }) {
  const id = useId();
  return html`<div class="toggle">
    <input id=${id} type="checkbox" role="switch" checked=${checked} disabled=${disabled}
      aria-describedby=${hint ? `${id}-hint` : undefined} onChange=${(event) => onValue(event.currentTarget.checked)} />
    <div><label for=${id} class="label">${label}</label>${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
      </div>
  </div>`;
}
