// The editor of a campaign: Who, When, What and Guard, or the same as YAML; beside it the phone, a replay and checks.
import { html, useMemo, useRef, useState } from "/static/shared/ui/preact.js";
import { DraftIsBack, dropDraft, useKeeping, useKept } from "/static/shared/ui/draft.js";
import { TextField } from "/static/shared/ui/fields.js";
import { Problems } from "/static/shared/ui/problems.js";
import { BLOCKS, blockOf, blockWords, placeIn } from "../../document/blocks.js";
import { sendsOf } from "../../document/steps.js";
import { put } from "../../document/tree.js";
import { boundsOf } from "../../vocabulary.js";
import { place } from "../errors.js";
import { useGuard } from "../guard.js";
import { providerOf } from "../step-forms/send-form.js";
import { focusOn } from "./at.js";
import { Bar } from "./bar.js";
import { Block } from "./block.js";
import { storedOf, useDocumentStore } from "./document-store.js";
import { Beside } from "./beside.js";
import { GuardBlock } from "./guard-block.js";
import { useKnown } from "./known.js";
import { useCheck } from "./use-check.js";
import { useDocument } from "./use-document.js";
import { useSample } from "./use-sample.js";
import { Views } from "./views.js";
import { WhatBlock } from "./what-block.js";
import { WhenBlock } from "./when-block.js";
import { WhoBlock } from "./who-block.js";
import { YamlView } from "./yaml-view.js";

const DRAWN = { who: WhoBlock, when: WhenBlock, what: WhatBlock, guard: GuardBlock };
const OPEN_AT_FIRST = { when: true, what: true };

export function Editor({ id, document: start, version, state, providers, hold, place: keptAt, restart, reload }) {
  const kept = useKept(keptAt);
  const mine = kept?.value.document ? kept.value : null;
  const forget = () => dropDraft(keptAt);
  const edited = useDocument(mine?.document ?? start);
  const { document } = edited;
  const [view, setView] = useState("blocks");
  const [open, setOpen] = useState(OPEN_AT_FIRST);
  const [step, setStep] = useState(""); // whose message the phone shows
  const [box, yaml] = [useRef(null), useRef(null)];
  const sample = useSample();
  const names = useKnown(document.start?.event ?? "", providers, sample.chosen);
  const known = { ...names, tried: sample.over(names) };
  const check = useCheck(document);
  const newest = async () => (!yaml.current || await yaml.current.settle() ? edited.newest() : null);
  const show = (paths) => {
    const blocks = Object.fromEntries(paths.map((path) => [blockOf(path), true]));
    setOpen((old) => ({ ...old, ...blocks }));
  };
  const store = useDocumentStore({
    first: mine?.stored ?? storedOf({ id, document: start, version }), document, newest, state, onSaved: forget,
    provider: providerOf(sendsOf(document.steps)[0]?.[1].send, providers),
    onProblem: (fields) => show(Object.keys(fields)),
  });
  const errors = useMemo(() => store.errors, [JSON.stringify(store.errors)]);
  hold(store.isDirty);
  useKeeping(keptAt, store.isDirty, { document, stored: store.stored });
  useGuard(store.isDirty && !store.isBusy, forget);
  const lead = (path) => {
    if (yaml.current) return yaml.current.lead(path);
    show([path]);
    requestAnimationFrame(() => focusOn(box.current, path)); // once its block is drawn
  };
  const submit = (event) => { event.preventDefault(); store.save(); };
  const clash = store.problem?.code === "stale" && html`<${Clash} store=${store}
    onTheirs=${() => { restart(); reload(); }} />`;
  return html`
    <${DraftIsBack} kept=${mine && kept} onDrop=${restart} />
    <div class="beside">
      <form class="stack editor" id="campaign" ref=${box} onSubmit=${submit} noValidate>
        <${Views} view=${view} onView=${setView} settle=${() => yaml.current?.settle() ?? true} edited=${edited} />
        <${Problems} problem=${store.problem} errors=${errors} place=${(path) => placeIn(document, path, place)}
          action=${clash} />
        ${view === "yaml" ? html`<${YamlView} document=${document} onDocument=${edited.set} view=${yaml} />`
          : html`<${Name} name=${document.name} onName=${(name) => edited.set(put(document, "name", name))}
              error=${errors.name} />
            ${BLOCKS.map(([block, title]) => html`<${Block} key=${block} name=${block} title=${title}
              words=${blockWords(block, document)} isOpen=${Boolean(open[block])}
              isWrong=${Object.keys(errors).some((path) => blockOf(path) === block)}
              onToggle=${() => setOpen({ ...open, [block]: !open[block] })}>
              <${DRAWN[block]} ...${{ document, known, errors }} onDocument=${edited.set} onStep=${setStep} /><//>`)}`}
      </form>
      <aside aria-label="Preview"><${Beside} ...${{ id, document, known, check, sample, step, setStep }}
        onDocument=${edited.set} onPath=${lead} lineOf=${(path) => yaml.current?.lineOf(path) ?? null} /></aside>
    </div>
    <${Bar} store=${store} document=${document} />`;
}

const Name = ({ name, onName, error }) => html`<div class="card" data-path="name"><div class="body">
  <${TextField} label="Name" ...${boundsOf("name")} required data-search value=${name ?? ""} onValue=${onName}
    error=${error} /></div></div>`;

const Clash = ({ store, onTheirs }) => html`<div class="row">
  <button type="button" class="button little" onClick=${onTheirs}>Load theirs</button>
  <button type="button" class="button little danger" onClick=${store.overwrite}>Save mine over it</button></div>`;
