// The tree of steps drawn: lines below, what stands on them above. It lays itself out anew when the steps change.
import { html, useLayoutEffect, useMemo, useRef } from "/static/shared/ui/preact.js";
import { number } from "../../words.js";
import { flowOf, thickness } from "./figures.js";
import { layoutOf, neighbour, STEP_HEIGHT } from "./layout.js";
import { Mark, Plus, StepNode } from "./node.js";
import { Stage } from "./stage.js";

const FIGURES_HEIGHT = 38;
const MISTAKE_HEIGHT = 44;
const STOP_HEIGHT = 20;
const SAID_HEIGHT = 34;

const stopHeight = (stop) => (stop ? STOP_HEIGHT + (stop.text ? SAID_HEIGHT : 0) : 0);

/** `scene` is what `StepsEditor` tells all that is drawn; the ref `control` gets `{neighbour, zoom, fit}`. */
export function Canvas({ steps, scene, control }) {
  const { figures, mistakes, stops, selected, round, open, isEditable } = scene;
  const heightOf = (path) => STEP_HEIGHT + (figures ? FIGURES_HEIGHT : 0) + (mistakes.has(path) ? MISTAKE_HEIGHT : 0)
    + stopHeight(stops?.get(path));
  const layout = useMemo(() => layoutOf(steps, heightOf), [steps, mistakes, Boolean(figures), stops]);
  const stage = useRef(null);
  const marked = layout.items.some((item) => item.key === selected) ? selected : "start";
  control.current = {
    neighbour: (key, arrow) => neighbour(layout, key, arrow),
    zoom: (by) => stage.current.zoom(by), fit: () => stage.current.fit(),
  };
  useLayoutEffect(() => {
    const item = layout.items.find((one) => one.key === marked);
    if ((round || open) && item) stage.current.show(item);
  }, [round, open]);
  const drawn = useMemo(() => html`
    <${Lines} ...${{ steps, layout, figures, stops }} />
    ${layout.items.map((item) => (item.kind === "step"
      ? html`<${StepNode} key=${item.key} item=${item} isMarked=${item.key === marked} isOpen=${item.key === open}
          mistakes=${mistakes.get(item.path)} stop=${stops?.get(item.path)} scene=${scene} />`
      : html`<${Mark} key=${item.key} item=${item} isMarked=${item.key === marked} scene=${scene} />`))}
    ${isEditable && layout.edges.filter((edge) => edge.plus).map((edge) => html`<${Plus} key=${edge.key} edge=${edge}
      words=${wordsOf(layout, edge)} scene=${scene} />`)}`, [layout, figures, marked, open, stops, scene.onSteps]);
  return html`<div class="s-canvas"><${Stage} width=${layout.width} height=${layout.height} control=${stage}
    label="Steps, drawn" isFixed=${isEditable} onKeyDown=${scene.onKeyDown}>${drawn}<//></div>`;
}

/** What a plus is called: what it stands between. */
/** @returns {string} */
function wordsOf({ items }, /** @type {import("./layout.js").Edge} */ { from, to }) {
  const name = (key) => {
    const item = items.find((one) => one.key === key);
    return item?.step ? `“${item.step.id}”` : item?.kind === "start" ? "the start" : item?.text ? `“${item.text}”` : "";
  };
  const before = name(to);
  return from.length ? `Insert a step after ${name(from[0])}` : `Insert a step before ${before}`;
}

function Lines({ steps, layout, figures, stops }) {
  const flow = figures ? flowOf(steps, figures, layout) : new Map();
  const most = Math.max(0, ...flow.values());
  const numbered = layout.edges.filter((edge) => flow.get(edge.key) > 0 && edge.key.endsWith(" label in"));
  const isOn = (key) => key === "start" || Boolean(stops.get(key)?.isTaken);
  const isTaken = (/** @type {import("./layout.js").Edge} */ { from, to, isBack }) =>
    Boolean(stops) && !isBack && from.some(isOn) && (!to || isOn(to));
  return html`<svg class="s-lines" width=${layout.width} height=${layout.height} aria-hidden="true">
      ${layout.edges.map((edge) => html`<path key=${edge.key} d=${edge.d} class=${lineClass(edge, isTaken(edge))}
        stroke-width=${thickness(flow.get(edge.key), most)} />`)}</svg>
    ${numbered.map((edge) => html`<${FlowNumber} key=${edge.key} people=${flow.get(edge.key)}
      item=${layout.items.find((item) => item.key === edge.to)} />`)}`;
}

const lineClass = ({ isBack, isDead }, isTaken) =>
  (isTaken ? "s-line-taken" : isDead ? "s-line-dead" : isBack ? "s-line-back" : undefined);

const FlowNumber = ({ people, item: { x, y, height } }) => html`<span class="s-flow"
  style=${{ left: `${x + 10}px`, top: `${y + height + 2}px` }}>${number(people)}</span>`;
