import { StepsEditor } from "/static/app/parts/steps/steps-editor.js";
import { TextField } from "/static/shared/ui/fields.js";
import { html, useState } from "/static/shared/ui/preact.js";
import { here } from "/static/shared/ui/router.js";
import { toast } from "/static/shared/ui/toast.js";
import { State } from "../state.js";

const send = (id, text) => ({ id, send: { text } });
const CART = [
  { id: "pause", wait: { for: "30 minutes" } },
  {
    id: "which",
    split: [
      { share: 50, steps: [send("a", "Your cart is waiting, {{ Profile.Name }}.")] },
      { share: 50, steps: [send("b", "Still there? Free shipping until midnight.")] },
    ],
  },
  {
    id: "answer",
    wait: {
      for: "2 days",
      or: [
        {
          event: "Notification Replied",
          steps: [send("thanks", "Thank you! We call you."), { id: "done", stop: "replied" }],
        },
      ],
    },
  },
  send("last", "Last call: your cart goes tonight."),
];
const EVERY = [
  { id: "paid", wait: { for: "2 hours", or: [{ event: "Charged", same: "cart_id" }] } },
  {
    id: "plan",
    choose: [
      { if: { profile: "Plan", equals: "gold" }, steps: [send("gold", "For you first.")] },
      { if: { profile: "Plan", equals: "silver" }, steps: [] },
    ],
  },
  { id: "again", repeat: { times: 3, every: "2 days", steps: [send("ask", "How was it?")] } },
  { id: "mark", set: { Plan: "asked" } },
  { id: "hook", call: { url: "https://crm.example/asked" } },
];
const MISTAKES = { "steps.1.split.0.steps.0.send.text": "Profile.Nmae: nobody has it. Did you mean Name?" };
const figure = (reached, waiting = 0, rest = {}) => ({
  reached,
  waiting,
  left: 0,
  skipped: 0,
  messages: 0,
  delivered: 0,
  failed: 0,
  ...rest,
});
const FIGURES = {
  entered: 4812,
  pending: 3,
  steps: {
    pause: figure(4812, 312),
    which: figure(4500),
    a: figure(2260, 0, { messages: 2158, delivered: 1946, failed: 212, skipped: 102 }),
    b: figure(2240, 0, { messages: 2238, delivered: 2201, failed: 37, skipped: 2 }),
    answer: figure(4500, 201),
    thanks: figure(448, 0, { messages: 448, delivered: 440 }),
    done: figure(448, 0, { left: 448 }),
    last: figure(3851, 0, { messages: 3800, delivered: 3700, failed: 11, skipped: 51 }),
  },
};
const STOPS = new Map([
  ["steps.1.split.0.steps label", { isTaken: true }],
  ["steps.2", { moment: "Tue 10:30", words: "waits until Thu 10:30", text: "", isTaken: true }],
  ["steps.0", { moment: "Tue 10:00", words: "waits until 10:30", text: "", isTaken: true }],
  ["steps.1", { moment: "Tue 10:30", words: "falls into 50 %", text: "", isTaken: true }],
  [
    "steps.1.split.0.steps.0",
    { moment: "Tue 10:30", words: "sent", text: "Your cart is waiting, Ann.", isTaken: true },
  ],
  [
    "steps.1.split.1.steps.0",
    { moment: "Tue 10:30", words: "sent", text: "Still there? Free shipping.", isTaken: false },
  ],
]);
const MANY = Array.from({ length: 50 }, (_, at) => ({
  id: `split-${at}`,
  split: [
    { share: 50, steps: [send(`a-${at}`, "One"), send(`b-${at}`, "Two")] },
    { share: 50, steps: [send(`c-${at}`, "Three")] },
  ],
}));

/** A form as any other would do: a text for what has one. */
const form = (step, path, onStep) =>
  step.send
    ? html`<${TextField} label="Text" value=${step.send.text}
        onValue=${(text) => onStep({ ...step, send: { ...step.send, text } })} />`
    : step.wait
      ? html`<${TextField} label="For" value=${step.wait.for}
        onValue=${(span) => onStep({ ...step, wait: { ...step.wait, for: span } })} />`
      : html`<p>${path}</p>`;

function Written({ first, ...rest }) {
  const [steps, setSteps] = useState(first);
  return html`<${StepsEditor} steps=${steps} onSteps=${setSteps} renderStep=${form} ...${rest} />
    <details><summary>What is written</summary><pre class="break" data-testid="written">
      ${JSON.stringify(steps)}</pre></details>`;
}

const STATES = {
  written: () => html`<${State} name="Written" isBare><${Written} first=${CART} mistakes=${MISTAKES}
    startText="Added To Cart" /><//>`,
  empty: () => html`<${State} name="Nothing yet" isBare><${Written} first=${[]} startText="Added To Cart" /><//>`,
  figures: () => html`<${State} name="With figures" isBare><${StepsEditor} steps=${CART} figures=${FIGURES}
    startText="Added To Cart" onPeople=${(id) => toast(`People at ${id}`)} /><//>`,
  walk: () => html`<${State} name="A person's way" isBare><${StepsEditor} steps=${CART} stops=${STOPS} /><//>`,
  every: () => html`<${State} name="Every kind" isBare><${StepsEditor} steps=${EVERY} /><//>`,
  many: () => html`<${State} name="200 steps" isBare><${Written} first=${MANY} /><//>`,
};

/** `?state=figures` shows one of them alone. */
export default () => {
  const { state } = here.value.query;
  const shown = state ? [state] : ["written", "figures", "walk", "every"];
  return html`${shown.map((name) => html`<${STATES[name]} key=${name} />`)}`;
};
