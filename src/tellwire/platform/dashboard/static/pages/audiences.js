// Audiences: who belongs together, how many they are, and what asks for them.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Empty, Failure } from "/static/shared/ui/states.js";
import { Table } from "/static/shared/ui/table/table.js";
import { useData } from "../data.js";
import { ruleWords } from "../journey-words.js";
import { useVocabulary } from "../parts/vocabulary-store.js";
import { AUDIENCES, audienceAt } from "../places.js";
import { Page } from "../shell.js";
import { number } from "../words.js";

const LEAD = "Rules with names: campaigns are for an audience, leave one out, or start when somebody joins it.";
const isNarrow = innerWidth < 700;
const sized = (one) => (one.size ? number(one.size.count) : "–");

const columns = [
  { key: "name", name: "Audience", width: isNarrow ? 9 : 14, isFixed: true, value: ({ name }) => name },
  { key: "people", name: "People", width: 6, isNumber: true, value: (one) => one.size?.count ?? -1, cell: sized },
  { key: "reachable", name: "By SMS", width: 6, isNumber: true, isWide: true,
    value: (one) => one.size?.reachable.sms ?? -1, cell: (one) => (one.size ? number(one.size.reachable.sms) : "–") },
  { key: "who", name: "Who", isWide: true, value: ({ rule }) => ruleWords(rule) },
  { key: "used", name: "Used by", width: 12, isWide: true, value: (one) => one.used_by.join(", ") || "nothing" },
];

const AGAIN_MS = 10_000; // people come to belong and cease to without a topic

export default function AudienceList() {
  const { data, error, reload } = useData("/audiences?sizes=true", ["campaigns"], { everyMs: AGAIN_MS });
  const words = useVocabulary();
  const add = html`<a class="button primary" href="${AUDIENCES}/new"><${Icon} name="plus" size=${14} />New
    audience</a>`;
  return html`<${Page} title="Audiences" lead=${LEAD} actions=${add}>
    ${error && !data && html`<${Failure} error=${error} retry=${reload} />`}
    ${(data || !error) && html`<${Table} name="Audiences" isMain=${true} height="none" columns=${columns}
      rows=${words.data && data?.audiences} idOf=${({ name }) => name} hrefOf=${({ name }) => audienceAt(name)}
      empty=${html`<${Empty} title="No audience yet"><p>An audience is a rule with a name, as “gold customers who bought
        twice in 30 days”.</p><//>`} />`}<//>`;
}
