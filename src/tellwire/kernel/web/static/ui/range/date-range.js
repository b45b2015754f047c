// The span of time that a page looks at, and what it is compared with.
import { html, useId, useState } from "../preact.js";
import { Icon } from "../icons.js";
import { MenuButton } from "../menu-button.js";
import { Popover } from "../popover.js";
import { day } from "../words.js";
import { COMPARISONS, PRESETS, daysOf, daysRange, whyNot } from "./dates.js";

const isPreset = (text) => PRESETS.some(([key]) => key === text);

/** `range` is what `rangeOf` of dates.js made of the address; `onRange({range, compare})` puts both there. */
export function DateRange({ range, onRange, hasComparison = true }) {
  const name = useId();
  const choose = (text) => onRange({ range: text, compare: range.compare });
  const { first, last } = daysOf(range);
  const custom = isPreset(range.text) ? "Days…" : html`${day(first)} – ${day(last)}`;
  return html`<div class="k-range">
    <fieldset class="k-segments"><legend class="k-unseen">Range</legend>
      ${PRESETS.map(([key, word]) => html`<label key=${key} class="k-segment">
        <input type="radio" name=${name} checked=${range.text === key} onChange=${() => choose(key)} />
        ${word}</label>`)}
      <${Popover} class="k-segment ${isPreset(range.text) ? "" : "k-on"}" side="end" button=${html`
        <${Icon} name="calendar" size=${13} />${custom}`}>${(close) => html`<${Days} first=${first} last=${last}
        onDays=${(text) => { close(); choose(text); }} />`}<//></fieldset>
    ${hasComparison && html`<${MenuButton} class="button k-compare" side="end"
      button=${html`<span class="k-muted">vs.</span> ${wordOf(range.compare)}`}
      items=${COMPARISONS.map(([key, word]) => ({ name: word, icon: key === range.compare ? "check" : "blank",
        run: () => onRange({ range: range.text, compare: key }) }))} />`}</div>`;
}

const wordOf = (compare) => COMPARISONS.find(([key]) => key === compare)[1].replace(/^The /, "").toLowerCase();

function Days({ first, last, onDays }) {
  const id = useId();
  const [days, setDays] = useState({ first, last });
  const [isTried, setTried] = useState(false);
  const why = isTried ? whyNot(days.first, days.last) : "";
  const use = () => {
    if (whyNot(days.first, days.last)) setTried(true);
    else onDays(daysRange(days.first, days.last));
  };
  const input = (key, name) => html`<div class="field"><label for="${id}-${key}">${name}</label>
    <input id="${id}-${key}" class="input" type="date" value=${days[key]} aria-invalid=${why ? "true" : undefined}
      aria-describedby=${why ? `${id}-why` : undefined}
      onInput=${(event) => setDays({ ...days, [key]: event.currentTarget.value })} /></div>`;
  return html`<div class="k-days">${input("first", "From")}${input("last", "Up to and with")}
    ${why && html`<p class="wrong" id="${id}-why" role="alert"><${Icon} name="warning" size=${13} />${why}</p>`}
    <button type="button" class="button primary" onClick=${use}>Show these days</button></div>`;
}
