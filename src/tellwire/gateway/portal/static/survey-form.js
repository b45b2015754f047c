// The form that makes and changes a survey: its words, its questions, and until when it takes answers.
import { html } from "/static/shared/ui/preact.js";
import { Choice, SelectField, TextField, Toggle, Wrong } from "/static/shared/ui/fields.js";
import { FormDialog } from "/static/shared/ui/form/form.js";
import { Icon } from "/static/shared/ui/icons.js";
import { named, put } from "./api.js";
import { TextArea } from "./area.js";

const KINDS = [["choice", "One of these"], ["text", "Own words"]];
const ENDS = [["hours", "48 hours"], ["date", "Until a date"]];
const PLACE_HINT = "{{name}} shows a value that the link names, as in {{url:name}}.";
const QUESTION = { id: "", text: "", kind: "choice", is_required: true, choices: [], lines: "" };

/** A moment as the browser's date field has it, in local time; and back. */
const toLocal = (moment) => {
  const at = new Date(moment);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
};

export const newSurvey = (subaccount) =>
  ({ id: "", subaccount, title: "", introduction: "", thanks: "", language: "en", url: "", ends: "hours", until: "",
  questions: [{ ...QUESTION, key: 1 }] });

export const valuesOf = (survey) => ({
  ...survey, isOld: true, ends: survey.closes_at ? "date" : "hours", until: survey.closes_at
    ? toLocal(survey.closes_at) : "",
  questions: survey.questions.map((question, at) =>
    ({ ...question, key: at + 1, lines: question.choices.map(({ text }) => text).join("\n") })),
});

/** A choice whose words stay keeps its id, and so its count. */
const choicesOf = ({ lines, choices }) => lines.split("\n").map((line) => line.trim()).filter(Boolean)
  .map((text) => ({ id: choices.find((choice) => choice.text === text)?.id ?? "", text }));

const bodyOf = ({ subaccount, title, introduction, thanks, language, url, ends, until, questions }) => ({
  subaccount, title, introduction, thanks, language, url,
  closes_at: ends === "date" && until ? new Date(until).toISOString() : null,
  questions: questions.map((one) =>
    ({ id: one.id, text: one.text, kind: one.kind, is_required: one.is_required, choices: one.kind === "choice"
    ? choicesOf(one) : [] })),
});

export function SurveyForm({ first, subaccounts, onClose, onSaved }) {
  const save = async (values) => {
    if (values.ends === "date" && !values.until) throw { message: "Say until when.",
      fields: { closes_at: "Say until when." } };
    onSaved(await put(`/surveys/${named(values.id)}`, bodyOf(values)));
  };
  return html`<${FormDialog} title=${first.isOld ? `Change ${first.title}` : "New survey"} onClose=${onClose}
    first=${first} save=${save} draw=${(values, set, errors) => html`
    ${!first.isOld
      && html`<${TextField} label="Name" class="mono"
      hint="It stands in the address that surveys are sent to, and cannot be changed later." value=${values.id}
      error=${errors.id} onValue=${(id) => set({ id })} />
      <${SelectField} label="Subaccount" value=${values.subaccount} error=${errors.subaccount}
        options=${subaccounts.map(({ id }) => [id, id])} onValue=${(subaccount) => set({ subaccount })} />`}
    <${TextField} label="Title" hint="Stands above the questions." maxlength="100" value=${values.title}
      error=${errors.title} onValue=${(title) => set({ title })} />
    <${TextArea} label="Introduction" optional=${true} hint=${PLACE_HINT} rows=${2} value=${values.introduction}
      error=${errors.introduction} onValue=${(introduction) => set({ introduction })} />
    <${Questions} questions=${values.questions}
      error=${Object.entries(errors).find(([field]) => field.startsWith("questions"))?.[1]}
      onValue=${(questions) => set({ questions })} />
    <${TextArea} label="Words of thanks" optional=${true} rows=${2} value=${values.thanks} error=${errors.thanks}
      onValue=${(thanks) => set({ thanks })} />
    <${TextField} label="Language of the words" hint="As browsers know it, such as en, th or pt-BR." maxlength="20"
      value=${values.language} error=${errors.language} onValue=${(language) => set({ language })} />
    <${Choice} label="Takes answers for" value=${values.ends} options=${ENDS} onValue=${(ends) => set({ ends })}
      hint=${values.ends === "hours" ? "Each link ends 48 hours after its message." : "Every link ends then."} />
    ${values.ends === "date"
      && html`<${TextField} label="Until, in your time zone" type="datetime-local" value=${values.until}
      error=${errors.closes_at} onValue=${(until) => set({ until })} />`}
    <${TextField} label="Where answers are posted" optional=${true} inputmode="url"
      hint="Empty: the subaccount's webhook." value=${values.url} error=${errors.url}
      onValue=${(url) => set({ url })} />`} />`;
}

function Questions({ questions, error, onValue }) {
  const change = (key, changed) => onValue(questions.map((one) => (one.key === key ? { ...one, ...changed } : one)));
  const add = () => onValue([...questions, { ...QUESTION, key: Math.max(0, ...questions.map(({ key }) => key)) + 1 }]);
  return html`<div class="stack">
    ${questions.map((one, at) => html`<fieldset class="question stack" key=${one.key}>
    <legend class="label">Question ${at + 1}</legend>
      <${TextField} label="Question" maxlength="500" value=${one.text} onValue=${(text) => change(one.key, { text })} />
      <${Choice} label="Answer" value=${one.kind} options=${KINDS} onValue=${(kind) => change(one.key, { kind })} />
      ${one.kind === "choice"
        && html`<${TextArea} label="Answers to choose from" hint="One a line." value=${one.lines}
        onValue=${(lines) => change(one.key, { lines })} />`}
      <div class="row">
        <${Toggle} label="Needs an answer" checked=${one.is_required}
        onValue=${(is_required) => change(one.key, { is_required })} />
        ${questions.length > 1
          && html`<button type="button" class="button little danger push" aria-label="Remove question ${at + 1}"
          onClick=${() => onValue(questions.filter(({ key }) => key !== one.key))}>Remove</button>`}</div></fieldset>`)}
    <div><button type="button" class="button little" onClick=${add}><${Icon} name="plus" size=${13} />Question</button>
      </div>
    ${error && html`<${Wrong}>${error}<//>`}</div>`;
}
