// Who may sign in to the portal, and one's own password.
import { html, useMemo, useState } from "/static/shared/ui/preact.js";
import { Choice, TextField } from "/static/shared/ui/fields.js";
import { FormDialog } from "/static/shared/ui/form/form.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Empty, Failure } from "/static/shared/ui/states.js";
import { Table } from "/static/shared/ui/table/table.js";
import { toast } from "/static/shared/ui/toast.js";
import { del, may, openSession, post, put, session } from "../api.js";
import { useData } from "../data.js";
import { menuColumn } from "/static/shared/ui/row-menu.js";
import { sure } from "../parts/sure.js";
import { Page } from "../shell.js";

const ROLES = [["viewer", "Viewer"], ["developer", "Developer"], ["owner", "Owner"]];
const MEANING = {
  viewer: "Sees everything but full numbers and texts, and changes nothing.",
  developer: "Also sees numbers and texts, and changes keys and webhooks.",
  owner: "Also changes people, accounts, money, carriers, routes and prices.",
};

const COLUMNS = [
  { key: "name", name: "Name", isFixed: true, value: (person) => person.name },
  { key: "email", name: "E-mail", width: 16, value: (person) => person.email,
    cell: (person) => html`<span class="k-cut" title=${person.email}>${person.email}</span>` },
  { key: "role", name: "Role", width: 7, value: (person) => person.role,
    cell: (person) => html`<span class="badge ${person.role === "owner" ? "accent" : ""}">${person.role}</span>` },
];

const Password = ({ label, value, error, onValue, hint = "At least 10 characters; a few words are best." }) => html`
  <${TextField} label=${label} type="password" autocomplete="new-password" ...${{ hint, value, error, onValue }} />`;

export default function PeoplePage() {
  return html`<${Page} title="People" lead="Who may sign in to this portal, and what for.">
    ${may("owner") ? html`<${Everybody} />`
      : html`<p class="muted">Owners look after people. Your role
      is ${session.value.role}: ${MEANING[session.value.role]}</p>`}
    ${!session.value.is_token && html`<${OwnPassword} />`}<//>`;
}

function Everybody() {
  const { data, error, reload } = useData("/people", ["people"]);
  const [open, setOpen] = useState(null);
  const save = async ({ isOld, email, name, role, password }) => {
    await (isOld ? put(`/people/${encodeURIComponent(email)}`, { name, role, password })
      : post("/people", { email, name, role, password }));
    reload();
    setOpen(null);
    toast(isOld ? `${name} is changed.` : `${name} can sign in now.`);
    await openSession();
  };
  const drop = (person) => sure({
    title: `Delete ${person.name}?`, body: `${person.email} is signed out at once and cannot sign in again.`,
    doing: () => del(`/people/${encodeURIComponent(person.email)}`), done: `${person.name} is deleted.`,
  }).then((isTried) => { if (isTried) { reload(); openSession(); } });
  const columns = useMemo(() => [...COLUMNS, menuColumn((person) => person.name, (person) => [
    { name: "Change", icon: "edit", run: () => setOpen({ ...person, isOld: true, password: "" }) }, null,
    { name: "Delete", icon: "trash", isDangerous: true, run: () => drop(person) },
  ])], []);
  const add = html`
    <button type="button" class="button primary"
    onClick=${() => setOpen({ email: "", name: "", role: data.people.length ? "viewer" : "owner", password: "" })}>
    <${Icon} name="plus" size=${14} />Add somebody</button>`;
  return html`${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${!error && html`<${Table} name="People" rows=${data?.people} idOf=${(person) => person.email} height="none"
      hasTools=${false} boneRows=${3} tools=${html`<h2>People</h2>${data && html`<div class="k-push">${add}</div>`}`}
      columns=${columns} empty=${html`<${Empty} title="Nobody signs in by name yet">
        <p>Add yourself as an owner. The admin token keeps working; keep it for scripts and for the day a password is
        lost.</p><//>`} />`}
    ${open && html`
      <${FormDialog} title=${open.isOld ? `Change ${open.name}` : "Add somebody"} onClose=${() => setOpen(null)}
      first=${open} save=${save} draw=${(values, set, errors) => html`
      ${!open.isOld
        && html`<${TextField} label="E-mail" type="email" value=${values.email} error=${errors.email}
        onValue=${(email) => set({ email })} />`}
      <${TextField} label="Name" value=${values.name} error=${errors.name} onValue=${(name) => set({ name })} />
      <${Choice} label="Role" hint=${MEANING[values.role]} value=${values.role} onValue=${(role) => set({ role })}
        options=${ROLES} />
      <${Password} label=${open.isOld ? "New password" : "Password"}
        hint=${open.isOld ? "Leave empty to keep the one they have." : undefined} value=${values.password}
        error=${errors.password} onValue=${(password) => set({ password })} />`} />`}`;
}

function OwnPassword() {
  const [isOpen, setOpen] = useState(false);
  const save = async (values) => {
    await post("/password", values);
    setOpen(false);
    toast("Your password is changed.");
  };
  return html`<section class="card"><div class="head"><h2>Your password</h2>
    <button type="button" class="button push" onClick=${() => setOpen(true)}>Change it</button></div></section>
    ${isOpen && html`<${FormDialog} title="Change your password" onClose=${() => setOpen(false)} save=${save}
      first=${{ old: "", new: "" }} draw=${(values, set, errors) => html`
      <${TextField} label="Password of now" type="password" autocomplete="current-password" value=${values.old}
        error=${errors.old} onValue=${(old) => set({ old })} />
      <${Password} label="New password" value=${values.new} error=${errors.new}
        onValue=${(fresh) => set({ new: fresh })} />`} />`}`;
}
