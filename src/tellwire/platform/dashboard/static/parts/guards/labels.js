// The labels of a campaign, by which lists find it: typed with commas between.
import { html, useEffect, useState } from "/static/shared/ui/preact.js";
import { TextField } from "/static/shared/ui/fields.js";
import { isSame } from "../../document/tree.js";

const labelsIn = (text) => [...new Set(text.split(",").map((one) => one.trim()).filter(Boolean))];

export function Labels({ labels = [], onLabels, errors }) {
  const [text, setText] = useState(labels.join(", "));
  useEffect(() => { if (!isSame(labelsIn(text), labels)) setText(labels.join(", ")); }, [JSON.stringify(labels)]);
  const write = (next) => {
    setText(next);
    const found = labelsIn(next);
    onLabels(found.length ? found : undefined);
  };
  return html`<div data-path="labels"><${TextField} label="Labels" optional hint="With commas between" value=${text}
    onValue=${write} error=${errors.labels} /></div>`;
}
