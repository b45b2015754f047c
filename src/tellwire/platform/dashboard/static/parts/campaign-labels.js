// Labels of one campaign or of many: ticked, or typed new; each change is seen at once.
import { TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Popover } from "/static/shared/ui/popover.js";
import { html, useState } from "/static/shared/ui/preact.js";

const LABEL_LIMIT = 120; // characters

/** `rows` have the labels, `labels` are all that any campaign has, `run` makes a change. */
export function Labels({ rows, labels, run, class: kind = "button little" }) {
  const [name, setName] = useState("");
  const add = (event) => {
    event.preventDefault();
    if (!name.trim()) return;
    run({ do: "label", add: [name.trim()] });
    setName("");
  };
  const flip = (label, isOn) => run({ do: "label", ...(isOn ? { remove: [label] } : { add: [label] }) });
  return html`<${Popover} class=${kind} button=${html`<${Icon} name="flag" size=${13} />Label`}>${() => html`
    <form class="k-filter-box stack close" onSubmit=${add}>
      <div class="joined"><${TextField} label="Label" isLabelUnseen=${true} placeholder="A label"
        maxlength=${LABEL_LIMIT} value=${name} onValue=${setName} />
        <button type="submit" class="button">Add</button></div>
      ${labels.length > 0 && html`<fieldset class="k-columns"><legend class="k-unseen">Labels</legend>
        ${labels.map((label) => {
          const isOn = rows.every((row) => row.labels.includes(label));
          const isPartly = !isOn && rows.some((row) => row.labels.includes(label));
          return html`<label key=${label} class="k-check"><input type="checkbox" checked=${isOn}
            indeterminate=${isPartly} onChange=${() => flip(label, isOn)} />${label}</label>`;
        })}</fieldset>`}</form>`}<//>`;
}
