// The API keys that there are, and what can be done with one.
import { Icon } from "/static/shared/ui/icons.js";
import { html, useMemo } from "/static/shared/ui/preact.js";
import { Empty } from "/static/shared/ui/states.js";
import { Table } from "/static/shared/ui/table/table.js";
import { Time } from "/static/shared/ui/time.js";
import { count, when } from "/static/shared/ui/words.js";
import { del, put } from "../api.js";
import { menuColumn } from "/static/shared/ui/row-menu.js";
import { sure, tried } from "./sure.js";

const madeAt = (id) => new Date(parseInt(id.slice(0, 11), 16)).toISOString(); // ids begin with their moment

const State = ({ isOn }) => (isOn ? html`<span class="badge good"><${Icon} name="check" size=${12} />Enabled</span>`
  : html`<span class="badge"><${Icon} name="pause" size=${12} />Disabled</span>`);

const COLUMNS = [
  { key: "name", name: "Name", isFixed: true, value: (key) => key.name },
  { key: "key", name: "Key", width: 7, isUnsortable: true, value: (key) => `…${key.last_six}`,
    cell: (key) => html`<span class="mono">…${key.last_six}</span>` },
  { key: "account", name: "Account", width: 9, isWide: true, value: (key) => key.account },
  { key: "from", name: "From", width: 8, isWide: true, value: (key) => key.addresses.join(" "),
    cell: (key) => (key.addresses.length
      ? html`<span title=${key.addresses.join("\n")}>${count(key.addresses.length, "address", "addresses")}</span>`
      : html`<span class="muted">anywhere</span>`) },
  { key: "made", name: "Made", width: 9, isWide: true, value: (key) => madeAt(key.id),
    cell: (key) => html`<${Time} at=${madeAt(key.id)} as=${when} />` },
  { key: "state", name: "State", width: 7, value: (key) => (key.is_enabled ? "enabled" : "disabled"),
    cell: (key) => html`<${State} isOn=${key.is_enabled} />` },
];

/** Calls with a key that is disabled are refused until it is enabled again; one that is deleted never comes back. */
function itemsOf(key, { onAddresses, reload }) {
  const turn = () => tried(() => put(`/keys/${key.id}`, { is_enabled: !key.is_enabled }), key.is_enabled
    ? `${key.name} is disabled: its calls are refused from now on.` : `${key.name} works again.`).then(reload);
  const drop = () => sure({
    title: `Delete the key ${key.name}?`, yes: "Delete the key",
    body: html`Calls with the key that ends in <span class="mono">${key.last_six}</span> are refused from now on. It
      cannot be brought back; disabling can be undone.`,
    doing: () => del(`/keys/${key.id}`), done: `${key.name} is deleted.`,
  }).then(reload);
  return [
    { name: "IP addresses", icon: "hash", run: () => onAddresses(key) },
    key.is_enabled ? { name: "Disable", icon: "pause", run: turn } : { name: "Enable", icon: "play", run: turn },
    null,
    { name: "Delete", icon: "trash", isDangerous: true, run: drop },
  ];
}

/** `rows` undefined: they are on their way. */
export function KeyTable({ rows, hasAccounts, isAllowed, reload, onAddresses }) {
  const columns = useMemo(() => [
    ...COLUMNS.filter(({ key }) => hasAccounts || key !== "account"),
    ...(isAllowed ? [menuColumn((key) => key.name, (key) => itemsOf(key, { onAddresses, reload }))] : []),
  ], [hasAccounts, isAllowed]);
  return html`<${Table} name="Keys" isMain=${true} boneRows=${4} ...${{ rows, columns }}
    empty=${html`<${Empty} title="No key yet"><p>Without a key nobody can send. Make one for each program that will, so
      that you can tell them apart and stop one alone.</p><//>`} />`;
}
