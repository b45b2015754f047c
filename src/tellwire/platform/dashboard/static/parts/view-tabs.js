// The views of a list as tabs: those that everybody has, and those that somebody saved under a name.
import { html, useState } from "/static/shared/ui/preact.js";
import { TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Popover } from "/static/shared/ui/popover.js";
import { Tabs } from "/static/shared/ui/tabs.js";
import { toast } from "/static/shared/ui/toast.js";
import { del, post } from "../api.js";

const NAME_LIMIT = 120; // characters

/**
 * `tabs` are as for Tabs; `saved` the views that are kept. `query` is what a view saved now would keep, empty where
 * there is nothing to keep; `reload` asks for the saved ones again. `onValue` gets a key of `tabs`.
 */
export function ViewTabs({ label, tabs, value, onValue, saved, query, reload, children }) {
  const own = saved.find((one) => `own:${one.id}` === value);
  const attempt = async (work) => {
    try {
      await work();
    } catch (error) {
      toast(error.message);
    }
    reload();
  };
  const keep = (name, text) => attempt(() => post("/views", { name, query: text }));
  const drop = () => attempt(async () => {
    await del(`/views/${own.id}`);
    toast(`The view “${own.name}” is deleted.`, { label: "Undo", run: () => keep(own.name, own.query) });
  });
  return html`<div class="views">
    <div class="views-tools">${own
      ? html`<button type="button" class="button quiet little" onClick=${drop}><${Icon} name="trash" size=${13} />Delete
        this view</button>`
      : query && html`<${Save} keep=${(name) => keep(name, query)} />`}</div>
    <${Tabs} label=${label} tabs=${tabs} value=${value} onValue=${onValue}>${children}<//></div>`;
}

function Save({ keep }) {
  const [name, setName] = useState("");
  const [isTried, setTried] = useState(false);
  return html`<${Popover} class="button quiet little" side="end" button=${html`<${Icon} name="plus" size=${13} />Save
    this view`}>${(close) => {
      const submit = (event) => {
        event.preventDefault();
        if (!name.trim()) return setTried(true);
        close();
        keep(name.trim());
        setName("");
      };
      return html`<form class="k-filter-box stack close" onSubmit=${submit}>
        <${TextField} label="Name of the view" maxlength=${NAME_LIMIT} value=${name} onValue=${setName}
          hint="Everybody who signs in here sees it. One of the same name is replaced."
          error=${isTried && !name.trim() ? "Give the view a name." : ""} />
        <button type="submit" class="button primary">Save</button></form>`;
    }}<//>`;
}
