// Walking one person through the steps: who, from when on, and by which event; the way is drawn on the canvas.
import { html, useLayoutEffect, useMemo, useRef, useState } from "/static/shared/ui/preact.js";
import { Field, TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Popover } from "/static/shared/ui/popover.js";
import { post } from "../../api.js";
import { fromLocalInput, toLocalInput, weekdayTime } from "../../words.js";
import { stopsOf, sumOf } from "./walk-stops.js";

const EXAMPLE = '{"Amount": 80}';

/**
 * The walk of a page: `bar` is its form, null while it is closed, `button` opens it, `stops` is what it says of steps.
 * `id` is the campaign's, null for one that is not saved; `document` is a draft to walk through instead.
 */
export function useWalk({ id = null, steps, document = undefined }) {
  const [isOpen, setOpen] = useState(false);
  const [walk, setWalk] = useState(null);
  const stops = useMemo(() => (walk ? stopsOf(steps, walk, weekdayTime) : undefined), [walk, steps]);
  const close = () => { setOpen(false); setWalk(null); };
  return {
    stops,
    button: html`<button type="button" class="button" aria-expanded=${String(isOpen)}
      onClick=${() => (isOpen ? close() : setOpen(true))}><${Icon} name=${isOpen ? "cross" : "person"} size=${14} />
      ${isOpen ? "End the walk" : "Walk a person through"}</button>`,
    bar: isOpen ? html`<${WalkBar} ...${{ id, document, walk }} onWalk=${setWalk} />` : null,
  };
}

function WalkBar({ id, document, walk, onWalk }) {
  const [who, setWho] = useState("");
  const [at, setAt] = useState(() => toLocalInput(new Date().toISOString()));
  const [values, setValues] = useState("");
  const [{ isBusy, error }, setState] = useState({ isBusy: false, error: /** @type {any} */ (null) });
  const fields = error?.fields ?? {};
  const form = useRef(null);
  useLayoutEffect(() => { form.current.querySelector("input").focus(); }, []);
  const submit = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    setState({ isBusy: true, error: null });
    try {
      const read = values.trim() ? valuesIn(values) : null;
      const asked = { identity: who.trim(), at: fromLocalInput(at), values: read,
        ...(document && { campaign: document }) };
      onWalk(await post(id === null ? "/campaigns/walk" : `/campaigns/${encodeURIComponent(id)}/walk`, asked));
      setState({ isBusy: false, error: null });
    } catch (problem) {
      onWalk(null);
      setState({ isBusy: false, error: problem });
    }
  };
  return html`<section class="s-walk" aria-label="Walk a person through">
    <form class="s-walk-form" ref=${form} onSubmit=${submit} noValidate>
      <${TextField} label="Who" placeholder="identity" error=${fields.identity} value=${who} onValue=${setWho} />
      <${TextField} label="Enters at" type="datetime-local" error=${fields.at} value=${at} onValue=${setAt} />
      <${Popover} button=${html`${values.trim() ? "Event’s values: given" : "Event’s values: the last"}`}>${() => html`
        <div class="s-values"><${Field} label="Values of the event, as JSON" hint="Without any, those of the last such
          event that they did." error=${fields.values}>${(tie) => html`<textarea class="textarea mono" rows="5"
          placeholder=${EXAMPLE} spellcheck="false" ...${tie} value=${values}
          onInput=${(event) => setValues(event.currentTarget.value)} />`}<//></div>`}<//>
      <button class="button primary" aria-disabled=${isBusy ? "true" : undefined}>Walk</button>
</form>
    <div aria-live="polite">${error && html`<p class="wrong"><${Icon} name="warning" size=${13} />
        <span>${sentenceOf(error)}</span></p>`}
      ${walk && html`<${Sum} walk=${walk} />`}</div></section>`;
}

const sentenceOf = ({ message, fields = {} }) =>
  Object.entries(fields).map(([path, why]) => (SHOWN.has(path) ? "" : `${path}: ${why}`)).filter(Boolean).join(" ")
    || (Object.keys(fields).some((path) => SHOWN.has(path)) ? "Nobody walked: mend what is named here." : message);
const SHOWN = new Set(["identity", "at", "values"]);

/** The values that somebody wrote; refused as the server would, where they are none. */
function valuesIn(text) {
  try {
    const values = JSON.parse(text);
    if (values && typeof values === "object" && !Array.isArray(values)) return values;
  } catch {
    // It is said below what would do.
  }
  throw Object.assign(new Error(""), { fields: { values: `Write an object, as ${EXAMPLE}.` } });
}

const Sum = ({ walk }) => html`
  ${walk.refused && html`<p class="banner warn"><${Icon} name="info" /><span>They would not enter:
    ${" "}${walk.refused.reason} What is drawn is the way of somebody who did.</span></p>`}
  ${!walk.refused && !walk.meets_start && html`<p class="banner warn"><${Icon} name="info" /><span>This event does not
    meet the conditions of the start. What is drawn is the way of somebody whose event did.</span></p>`}
  <p class="small">${sumOf(walk, weekdayTime).join(" ")} <span class="muted">Solid is their way, dashed is possible.
    They are in ${walk.zone}; the times here are yours.</span></p>`;
