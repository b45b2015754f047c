// One conversation in a panel: both sides, what each text answers, and an answer to it.
import { html, useEffect, useState } from "/static/shared/ui/preact.js";
import { Badge, Status } from "/static/shared/ui/badge.js";
import { Field } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Panel } from "/static/shared/ui/panel.js";
import { phone } from "/static/shared/ui/phone.js";
import { closePanel } from "/static/shared/ui/router.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { Time } from "/static/shared/ui/time.js";
import { post, query } from "../api.js";
import { changed, useData } from "../data.js";
import { KEYWORDS, answersWords, askedBy, whoOf } from "../inbox-words.js";
import { campaignAt, messageAt, profileAt } from "../places.js";
import { when } from "../words.js";

const TOPICS = /** @type {const} */ (["inbox", "messages"]);
const MOST = 1600; // characters of an answer

export function Conversation({ person }) {
  const { data, error, reload } = useData(`/inbox/conversation${query(askedBy(person))}`, TOPICS);
  useRead(person, data);
  const profile = data?.profile_id && html`<a class="button quiet little" href=${profileAt(person)}>
    <${Icon} name="person" size=${14} />Profile</a>`;
  return html`<${Panel} name=${`${person.kind}:${person.value}`} title=${data ? whoOf(data) : person.value}
    actions=${profile} onClose=${closePanel}>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${data ? html`<${Talk} data=${data} person=${person} reload=${reload} />` : !error && html`<${Bones} />`}<//>`;
}

/** Lets what is seen count as read. */
function useRead(person, data) {
  const upto = data?.lines.find((line) => line.direction === "in")?.seq;
  useEffect(() => {
    if (!upto) return;
    post("/inbox/read", { ...askedBy(person), upto }).then(() => changed("inbox"), () => {});
  }, [upto]);
}

const Talk = ({ data, person, reload }) => html`
  <p class="muted small">${phone(data.phone)}${data.is_suppressed && html` · <${Badge} tone="warn" icon="ban">
    Suppressed<//>`}</p>
  <ol class="talk" aria-label="Texts, the oldest first">${data.lines.toReversed().map((line) => html`
    <${Line} key=${line.id} line=${line} />`)}</ol>
  ${data.hindrance ? html`<p class="banner warn"><${Icon} name="ban" size=${14} /><span>${data.hindrance}</span></p>`
    : html`<${Answer} person=${person} reload=${reload} />`}`;

function Line({ line }) {
  const [tone, icon, word] = KEYWORDS[line.keyword] ?? [];
  const answers = answersWords(line.answers);
  return html`<li class="talk-line ${line.direction}">
    <p class="talk-text">${line.text}</p>
    <p class="talk-foot">${word && html`<${Badge} tone=${tone} icon=${icon}>${word}<//>`}
      ${line.direction === "out" && html`<a href=${messageAt(line.id)}><${Status} status=${line.status} /></a>`}
      ${answers && html`<span>answers <a href=${campaignAt(line.answers.campaign_id)}>${answers}</a></span>`}
      <${Time} at=${line.at} as=${when} /></p></li>`;
}

function Answer({ person, reload }) {
  const [text, setText] = useState("");
  const [state, setState] = useState({ isBusy: false, error: null, key: newKey() });
  const send = async (event) => {
    event.preventDefault();
    if (state.isBusy || !text.trim()) return;
    setState((old) => ({ ...old, isBusy: true, error: null }));
    try {
      await post("/inbox/answer", { ...askedBy(person), text, key: state.key });
      setText("");
      setState({ isBusy: false, error: null, key: newKey() });
      reload();
    } catch (error) {
      setState((old) => ({ ...old, isBusy: false, error })); // the same key: it may have been taken
    }
  };
  return html`<form class="stack close" onSubmit=${send}>
    <${Field} label="Answer" error=${state.error && (state.error.fields?.text ?? state.error.message)}>${(tie) => html`
      <textarea class="textarea" rows="3" maxlength=${MOST} ...${tie} value=${text}
        onInput=${(event) => setText(event.currentTarget.value)} />`}<//>
    <div class="row"><button class="button primary" aria-disabled=${state.isBusy || !text.trim() ? "true" : undefined}>
      ${state.isBusy ? "Sending…" : "Send"}</button>
      <span class="muted small">Quiet hours and limits are not asked: you see what time it is.</span></div></form>`;
}

const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join("-");
