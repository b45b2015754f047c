// Inbox: what people wrote, a conversation each; one opens beside the list.
import { html, useRef } from "/static/shared/ui/preact.js";
import { Badge } from "/static/shared/ui/badge.js";
import { Choice } from "/static/shared/ui/fields.js";
import { usePaged } from "/static/shared/ui/paged.js";
import { phone } from "/static/shared/ui/phone.js";
import { here, openHref, opened, putQuery } from "/static/shared/ui/router.js";
import { Empty, Failure } from "/static/shared/ui/states.js";
import { Table } from "/static/shared/ui/table/table.js";
import { Time } from "/static/shared/ui/time.js";
import { get, query } from "../api.js";
import { prefetch as fetchAhead, useData } from "../data.js";
import { KEYWORDS, answersWords, keyOf, personOf, whoOf } from "../inbox-words.js";
import { Conversation } from "../parts/conversation.js";
import { INBOX } from "../places.js";
import { Page } from "../shell.js";
import { count, when } from "../words.js";

const LIMIT = 50; // of one answer
const TOPICS = /** @type {const} */ (["inbox"]);
const LEAD = "What people answer, by person. A text that is nothing but STOP, START or HELP is acted on by itself.";
const SHOWN = [["", "All"], ["unread", "Unread"]];

export const prefetch = () => fetchAhead("/inbox?limit=1", TOPICS);

const isNarrow = innerWidth < 700;
const columns = [
  { key: "who", name: "Who", width: isNarrow ? 7.5 : 12, isFixed: true, isUnsortable: true, value: whoOf,
    cell: (row) => html`<span class=${row.unread ? "strong" : ""}>${whoOf(row)}</span>` },
  { key: "text", name: "Last text", isUnsortable: true, value: ({ last }) => last.text,
    cell: (row) => html`<${LastText} row=${row} />` },
  { key: "answers", name: "Answers", width: 12, isWide: true, isUnsortable: true,
    value: ({ last }) => answersWords(last.answers) },
  { key: "phone", name: "Number", width: 10, isWide: true, isUnsortable: true, value: (row) => phone(row.phone) },
  { key: "at", name: "When", width: isNarrow ? 6 : 8, isUnsortable: true, value: ({ last }) => last.at,
    cell: ({ last }) => html`<${Time} at=${last.at} as=${when} />` },
];

function LastText({ row: { last, unread } }) {
  const [tone, icon, word] = KEYWORDS[last.keyword] ?? [];
  return html`<span class="row nowrap-row">${word && html`<${Badge} tone=${tone} icon=${icon}>${word}<//>`}
    ${unread > 0 && html`<${Badge} tone="accent">${count(unread, "new text")}<//>`}
    <span class="cut ${unread ? "strong" : ""}">${last.text}</span></span>`;
}

/** The list; asked for again when somebody writes, from its beginning. */
function useConversations(isUnread) {
  const { data: newest } = useData("/inbox?limit=1", TOPICS);
  const seq = newest?.conversations[0]?.last.seq ?? 0;
  const list = usePaged(async (before, signal) => {
    const { conversations, next } = await get(
      `/inbox${query({ limit: LIMIT, before, unread: isUnread ? "true" : "" })}`, { signal });
    return { rows: conversations, next };
  }, [isUnread, seq, newest?.unread ?? 0]);
  return { ...list, unread: newest?.unread ?? 0 };
}

export default function Inbox() {
  const isUnread = here.value.query.show === "unread";
  const list = useConversations(isUnread);
  const person = personOf(opened());
  const box = useRef(null);
  return html`<${Page} title="Inbox" crumbs=${[["People"], ["Inbox"]]} lead=${LEAD}><div class="stack" ref=${box}>
    <div class="row"><${Choice} label="Show" isLabelUnseen=${true} value=${isUnread ? "unread" : ""} options=${SHOWN}
      onValue=${(show) => putQuery(INBOX, { ...here.value.query, show })} />
      <span class="muted small" role="status">${list.unread ? `${count(list.unread, "conversation")} unread`
        : "Nothing unread"}</span></div>
    ${list.error && html`<${Failure} error=${list.error} retry=${list.reload} />`}
    ${!(list.error && !list.isLoaded) && html`<${Table} name="Conversations" isMain=${true} height="none"
      columns=${columns} rows=${list.isLoaded ? list.rows : undefined} idOf=${(row) => keyOf(row.person)}
      hrefOf=${(row) => openHref(keyOf(row.person))} currentId=${person && keyOf(person)}
      empty=${html`<${None} isUnread=${isUnread} />`}
      footer=${list.next && html`<button type="button" class="button" onClick=${list.more}
        aria-disabled=${list.isBusy ? "true" : undefined}>${list.isBusy ? "Looking…" : "Older conversations"}
        </button>`} />`}
    ${person && html`<${Conversation} key=${keyOf(person)} person=${person} />`}</div><//>`;
}

const None = ({ isUnread }) => (isUnread
  ? html`<${Empty} title="All is read" icon="inbox"><p>Texts that nobody has read yet stand here.</p><//>`
  : html`<${Empty} title="Nobody has written yet" icon="inbox"><p>Replies come through the callback address of a
    provider: give it to your provider as the address for inbound texts.</p><//>`);
