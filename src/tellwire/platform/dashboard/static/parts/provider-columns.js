// The columns of the list of providers, and what can be done with each.
import { Badge } from "/static/shared/ui/badge.js";
import { html } from "/static/shared/ui/preact.js";
import { menuColumn } from "/static/shared/ui/row-menu.js";
import { number, zoned } from "../words.js";
import { deliveredOf, deliveredShare } from "./delivered.js";
import { Hours } from "./provider-traffic.js";
import { archive, makeDefault, remove, restore } from "./provider-writes.js";

const isNarrow = innerWidth < 700;
const UNDO_MS = 86_400_000; // as the server counts

/** Why a provider is in trouble now; null for one that is archived, or has taken messages since. */
const troubleOf = ({ provider, traffic }) =>
  (provider.archived_at || !traffic?.trouble || traffic.trouble.is_over ? null : traffic.trouble);

/** A count of the last day, as all here; where nothing was carried it is no zero. */
const figure = (key, name, width) => ({
  key, name, width, isNumber: true, isWide: true,
  value: ({ traffic }) => (hasCarried(traffic) ? traffic[key] : null),
  cell: ({ traffic }) => (hasCarried(traffic)
    ? html`<span class=${key === "failed" && traffic.failed ? "bad" : undefined}>${number(traffic[key])}</span>` : "–"),
});

const hasCarried = (traffic) => Boolean(traffic && (traffic.sent || traffic.failed || traffic.waiting));

/** `rows` are all that are shown: making one the default takes the mark from another. */
export const columnsFor = (rows) => [
  { key: "nickname", name: "Nickname", isFixed: true, value: ({ provider }) => provider.nickname },
  { key: "state", name: "State", width: isNarrow ? 6.75 : 10, value: stateWord,
    cell: (row) => html`<${State} row=${row} />` },
  { key: "endpoint", name: "Endpoint", width: 16, isWide: true, isHidden: innerWidth < 1400,
    value: ({ provider }) => `${provider.request_type} ${provider.endpoint}`,
    cell: ({ provider }) => html`<span class="tiny muted mono" title=${provider.endpoint}>${provider.request_type}
      ${" "}${provider.endpoint}</span>` },
  { key: "hours", name: "24 hours", width: 7.75, isWide: true, isUnsortable: true,
    value: ({ traffic }) => traffic?.hours.map((hour) => hour.taken).join(" ") ?? null,
    cell: ({ traffic }) => (hasCarried(traffic) ? html`<${Hours} traffic=${traffic} />`
      : html`<span class="muted small">${traffic || traffic === null ? "Nothing" : ""}</span>`) },
  figure("sent", "Sent", 5.5), figure("delivered", "Delivered", 7),
  { key: "share", name: "Share", width: 6, isNumber: true, isWide: true,
    value: ({ traffic }) => traffic?.delivery.share ?? null,
    cell: ({ traffic }) => (hasCarried(traffic) && traffic.sent > 0
      ? html`<span class="muted small" title=${deliveredOf(traffic.delivery)}>
          ${deliveredShare(traffic.delivery)}</span>` : "–") },
  figure("failed", "Failed", 5.25), figure("waiting", "Waiting", 6),
  menuColumn(({ provider }) => provider.nickname, (row) => menuOf(row, rows)),
];

function stateWord(row) {
  const { provider } = row;
  if (provider.archived_at) return "Archived";
  return [provider.is_default && "Default", troubleOf(row) && "Trouble"].filter(Boolean).join(", ") || "In use";
}

function State({ row }) {
  const { provider } = row;
  if (provider.archived_at) return html`<${Badge} icon="archive" title=${zoned(provider.archived_at)}>Archived<//>`;
  const trouble = troubleOf(row);
  const mark = provider.is_default && html`<${Badge} tone="accent" icon="star">Default<//>`;
  if (trouble) {
    return html`${!isNarrow && mark} <${Badge} tone="bad" icon="warning" title=${trouble.reason}>Trouble<//>`;
  }
  return mark || html`<${Badge} tone="good" icon="check">In use<//>`;
}

function menuOf({ provider, traffic }, rows) {
  const isYoung = Date.now() - Date.parse(provider.archived_at) < UNDO_MS;
  const removal = { name: "Delete…", icon: "trash", isDangerous: true, run: () => remove(provider) };
  if (provider.archived_at) {
    return [...(isYoung ? [{ name: "Restore", icon: "up", run: () => restore(provider) }] : []), removal];
  }
  const before = rows.map((row) => row.provider).find((one) => one.is_default);
  return [
    ...(provider.is_default ? []
      : [{ name: "Make default", icon: "star", run: () => makeDefault(provider, before) }]),
    { name: "Archive…", icon: "archive", isDangerous: true, run: () => archive(provider, traffic?.waiting) },
  ];
}
