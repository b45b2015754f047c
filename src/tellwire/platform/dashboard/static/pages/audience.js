// One audience: its rule as rows of sentences, counted as it is written, each row alone too.
import { html, useMemo } from "/static/shared/ui/preact.js";
import { TextField } from "/static/shared/ui/fields.js";
import { ask } from "/static/shared/ui/dialog.js";
import { Form, Save } from "/static/shared/ui/form/form.js";
import { useForm } from "/static/shared/ui/form/use-form.js";
import { useGround } from "/static/shared/ui/ground.js";
import { Icon } from "/static/shared/ui/icons.js";
import { go, here } from "/static/shared/ui/router.js";
import { Bones, Failure } from "/static/shared/ui/states.js";
import { toast } from "/static/shared/ui/toast.js";
import { del, post, put } from "../api.js";
import { changed, useData } from "../data.js";
import { blankRow } from "../document/rule-rows.js";
import { Counted, WhyOne, useCount } from "../parts/audience-figures.js";
import { Growth } from "../parts/audience-growth.js";
import { Card } from "../parts/card.js";
import { RuleEditor } from "../parts/editor/rule-editor.js";
import { useGuard } from "../parts/guard.js";
import { propertyChoices, useRecentEvents, useSampleProfile } from "../parts/samples.js";
import { useVocabulary } from "../parts/vocabulary-store.js";
import { AUDIENCES, audienceAt } from "../places.js";
import { Page } from "../shell.js";

const SAVED = "/audiences/saved";
const CRUMBS = [["Audiences", AUDIENCES]];
const at = (name) => `${SAVED}?${new URLSearchParams({ name })}`;
const NO_TOPICS = /** @type {const} */ ([]);
const fresh = () => ({ name: "", rule: { all: [blankRow("profile")] }, used_by: [] });

/** What the editor begins with, or what keeps it from beginning. */
function useStored(name) {
  const stored = useData(name ? at(name) : null, NO_TOPICS, { everyMs: null }); // as it is when it is opened
  const saved = useGround(stored);
  const first = useMemo(fresh, [name]);
  const lists = useData("/lists"), all = useData("/audiences", ["campaigns"]), words = useVocabulary();
  const failed = [stored, lists, all, words].find((answer) => answer.error && !answer.data);
  const one = name ? saved.data : first;
  if (failed || !one || !lists.data || !all.data || !words.data) return { failed };
  const audiences = all.data.audiences.map((other) => other.name).filter((other) => other !== name);
  return { data: { one, lists: lists.data.lists.map((list) => list.name), audiences } };
}

export default function Audience() {
  const { path, query } = here.value;
  const name = path.endsWith("/new") ? "" : query.name ?? "";
  const { data, failed } = useStored(name);
  return html`<${Page} title=${name || "New audience"} crumbs=${[...CRUMBS, [name || "New"]]}>
    ${failed && html`<${Failure} error=${failed.error} retry=${failed.reload} />`}
    ${data ? html`<${Editor} key=${name} name=${name} ...${data} />`
      : !failed && html`<div class="card"><${Bones} rows=${8} /></div>`}<//>`;
}

const rules = () => [
  ["name", (text) => (text.trim() ? "" : "Give the audience a name.")],
  ["rule", (rule) => (rule ? "" : "Add a rule: an audience without one would be everybody.")],
];

function Editor({ name, one, lists, audiences }) {
  const events = useRecentEvents();
  const profile = useSampleProfile(events[0]);
  const save = async (values) => {
    const body = { name: values.name.trim(), rule: values.rule };
    await (name ? put(at(name), body) : post(AUDIENCES, body));
    changed("campaigns");
    toast("Saved. Campaigns ask it from the next person on.");
    if (body.name !== name) go(audienceAt(body.name), { isReplacing: true, isForced: true });
  };
  const form = useForm({ first: { name: one.name, rule: one.rule }, rules, save });
  useGuard(form.isDirty && !form.isBusy);
  const counted = useCount(form.values.rule);
  const known = {
    profile: propertyChoices(new Map(), profile).map((choice) => choice.name), lists, audiences,
    events: [...new Set(events.map((event) => event.name))], counts: counted.counts,
    eventProperties: [...new Set(events.flatMap((event) => Object.keys(event.properties)))],
  };
  return html`<div class="audience-page">
    <${Form} form=${form}><${Card} title="Who belongs">
      <${TextField} label="Name" ...${form.field("name")} maxlength="120" />
      <${RuleEditor} rule=${form.values.rule} onRule=${(rule) => form.set("rule", rule)} path="rule" known=${known}
        errors=${{ ...counted.errors, ...form.errors }} empty="No rule yet." /><//>
      <div class="bar"><div class="grow"><${Used} users=${one.used_by} /></div><div class="row push">
        ${name && !one.used_by.length && html`<${Remove} name=${name} form=${form} />`}
        <${Save} form=${form} /></div></div><//>
    <div class="stack"><${Counted} counted=${counted} /><${WhyOne} rule=${form.values.rule} />
      ${name && html`<${Growth} name=${name} />`}</div></div>`;
}

const Used = ({ users }) => html`<span class="muted small">${users.length ? `Used by ${users.join(", ")}.`
  : "Nothing uses it yet."}</span>`;

function Remove({ name, form }) {
  const remove = async () => {
    const body = html`<p>Nothing uses “${name}”. It cannot be brought back.</p>`;
    if (!(await ask({ title: "Delete this audience?", body, yes: "Delete", isDangerous: true }))) return;
    form.reset();
    await del(at(name));
    changed("campaigns");
    toast(`Deleted ${name}.`);
    go(AUDIENCES, { isForced: true });
  };
  return html`<button type="button" class="button quiet danger" onClick=${remove}>
    <${Icon} name="trash" size=${13} />Delete</button>`;
}
