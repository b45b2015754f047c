// The steps of a campaign, to look at and to change: drawn as a tree that lays itself out, or as an outline.
import { html, useLayoutEffect, useMemo, useRef, useState } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { sheet } from "/static/shared/ui/sheet.js";
import { toast } from "/static/shared/ui/toast.js";
import { Canvas } from "./canvas.js";
import { InsertMenu } from "./insert-menu.js";
import { Inspector } from "./inspector.js";
import { CHANGING, LOOKING, meaningOf } from "./keys.js";
import { stepIn } from "./kinds.js";
import { Outline } from "./outline.js";
import { inOrder, isStep, spotOf } from "./spots.js";
import { mistakesByStep } from "./step-words.js";
import { at, placeOf } from "./tree.js";
import { useClipboard } from "./use-clipboard.js";
import { useEditing } from "./use-editing.js";
import { useView, VIEWS } from "./view.js";

await sheet("/static/app/steps.css");

/** @type {Record<string, string>} */
const NO_MISTAKES = {};

/**
 * `steps` is the language's list (CAMPAIGNS 2) as plain JSON, and `onSteps(next)` gives another one: without it nothing
 * can be changed. `mistakes` are sentences by path ("steps.0.send.text"), `renderStep(step, path, onStep)` draws the
 * form of one step, `opened` is the path of the one that is open at first. `figures` are as in `figures.js`;
 * `onPeople(id)` opens who stands at a step. `startText` says who enters, `stops` what a walk says of each key:
 * `Map(key, {moment, words, text, isTaken})`. `tools` stand at the top.
 */
export function StepsEditor({ steps, onSteps, mistakes = NO_MISTAKES, renderStep, figures, onPeople,
  startText = "Start", stops, tools, opened = "" }) {
  const isEditable = Boolean(onSteps);
  const [view, setView] = useView();
  const [open, setOpen] = useState(/** @type {{path: string, isNew: boolean} | null} */ (
    opened ? { path: opened, isNew: true } : null));
  const [menu, setMenu] = useState(/** @type {{list: string, at: number, anchor: HTMLElement} | null} */ (null));
  const [said, say] = useState("");
  const box = useRef(null);
  const canvas = useRef(/** @type {any} */ (null));
  const editing = useEditing({ steps, onSteps });
  const { selected, round, select } = editing;
  const byStep = useMemo(() => mistakesByStep(steps, mistakes), [steps, mistakes]);
  const openStep = open && at(steps, open.path);
  const faceOf = (key) => box.current.querySelector(`[data-key="${key}"]`);
  useLayoutEffect(() => {
    if (round && !document.querySelector(".k-panel :focus")) faceOf(selected)?.focus();
  }, [round]);

  const show = (path, isNew = false) => { select(path, false); setOpen({ path, isNew }); };
  const insert = ({ list, at: place }, anchor) => setMenu({ list, at: place, anchor });
  const insertAt = (key) => insert(spotOf(steps, key, view === "outline"), faceOf(key));
  const take = (kind) => {
    const path = editing.insertKind(menu, kind);
    if (renderStep) show(path, true);
    say(`${kind.name} inserted.`);
  };
  const remove = (path) => {
    setOpen(null);
    editing.remove(path);
    say(`“${at(steps, path).id}” deleted. Ctrl Z brings it back.`);
  };
  const move = (path, way) => {
    setOpen(null);
    say(editing.move(path, way) ? `Moved ${way}.` : `It cannot go further ${way}.`);
  };
  const change = { insert: insertAt, remove, move, undo: editing.undo, redo: editing.redo };
  const walk = (key, arrow) => {
    const next = view === "canvas" ? canvas.current.neighbour(key, arrow) : inOrder(keysIn(box.current), key, arrow);
    if (next) select(next);
  };
  const verbs = {
    walk, open: (key) => (isStep(steps, key) ? show(key) : isEditable && insertAt(key)),
    zoom: (_, by) => canvas.current?.zoom(by), fit: () => canvas.current?.fit(), ...(isEditable && change),
  };
  const press = (event) => {
    const { key } = event.target.dataset ?? {};
    const [verb, more] = (key && meaningOf(event)) || [];
    if (!verbs[verb]) return;
    event.preventDefault();
    if (isStep(steps, key) || !["remove", "move"].includes(verb)) verbs[verb](key, more);
  };
  const follow = ({ target }) => {
    const { key } = target.dataset ?? {};
    if (key && key !== selected) select(key, false);
  };
  useClipboard(box, {
    copied: () => (isStep(steps, selected) ? JSON.stringify(at(steps, selected), null, 2) : null),
    cut: isEditable ? () => remove(selected) : undefined,
    pasted: isEditable ? (text) => {
      const step = stepIn(text);
      if (!step) return toast("The clipboard holds no step.");
      editing.paste(spotOf(steps, selected), step);
      say("Pasted.");
    } : undefined,
  });
  const menuOf = (path) => actionsOf(path, { insert, faceOf, move, remove,
    duplicate: () => { setOpen(null); editing.duplicate(path); } });
  const scene = { isEditable, figures, mistakes: byStep, stops, selected, round, open: open?.path ?? null, startText,
    onSteps, onOpen: show, onInsert: insert, onKeyDown: press, menuOf,
    onPeople: (id) => { setOpen(null); onPeople?.(id); } };
  return html`<div class="s-editor" ref=${box} onFocusIn=${follow}>
    <div class="s-head"><${ViewSwitch} ...${{ view, setView }} />${tools && html`<div class="row push">${tools}</div>`}
      </div>
    ${view === "canvas" ? html`<${Canvas} ...${{ steps, scene }} control=${canvas} />`
      : html`<${Outline} ...${{ steps, scene }} />`}
    <${Keys} keys=${[...(view === "canvas" ? LOOKING : LOOKING.slice(0, 2)), ...(isEditable ? CHANGING : [])]} />
    <p class="unseen" role="status">${said}</p>
    ${menu && html`<${InsertMenu} anchor=${menu.anchor} onKind=${take} onClose=${() => setMenu(null)} />`}
    ${openStep && html`<${Inspector} step=${openStep} path=${open.path} isNew=${open.isNew}
      onClose=${() => { setOpen(null); select(selected); }}
      onStep=${(next) => editing.replace(open.path, next)} ...${{ scene, renderStep }} />`}</div>`;
}

/** What can be done with a step, as its menu has it. */
function actionsOf(path, { insert, faceOf, move, duplicate, remove }) {
  const { list, at: place } = placeOf(path);
  return [
    { name: "Insert before", icon: "plus", run: () => insert({ list, at: place }, faceOf(path)) },
    { name: "Insert after", icon: "plus", hint: "/", run: () => insert({ list, at: place + 1 }, faceOf(path)) }, null,
    { name: "Move up", icon: "lift", hint: "Alt ↑", run: () => move(path, "up") },
    { name: "Move down", icon: "down", hint: "Alt ↓", run: () => move(path, "down") },
    { name: "Duplicate", icon: "copy", run: duplicate }, null,
    { name: "Delete", icon: "trash", hint: "Del", isDangerous: true, run: () => remove(path) },
  ];
}

const keysIn = (box) => [...box.querySelectorAll("[data-key]")].map((node) => node.dataset.key);

const ViewSwitch = ({ view, setView }) => html`<div class="k-segments" role="group" aria-label="View of the steps">
  ${VIEWS.map(([key, icon, name]) => html`<button type="button" key=${key}
    class="k-segment${view === key ? " k-on" : ""}" aria-pressed=${String(view === key)} onClick=${() => setView(key)}>
    <${Icon} name=${icon} size=${14} />${name}</button>`)}</div>`;

const Keys = ({ keys }) => html`<p class="s-keys">${keys.map(([key, what]) => html`
  <span key=${key}><kbd>${key}</kbd> ${what}</span>`)}</p>`;
