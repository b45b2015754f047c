// The views of a list as tabs: those that everybody has, and those that somebody saved under a name.
import { html, useState } from "/static/shared/ui/preact.js";
import { TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { Popover } from "/static/shared/ui/popover.js";
import { Tabs } from "/static/shared/ui/tabs.js";
import { del, post } from "../api.js";
import { write } from "../data.js";

const NAME_LIMIT = 120; // characters

/**
 * `tabs` are as for Tabs; `saved` the views that are kept. `query` is what a view saved now would keep, empty where
 * there is nothing to keep. `onValue` gets a key of `tabs`.
 */
export function ViewTabs({ label, tabs, value, onValue, saved, query, children }) {
  const own = saved.find((one) => `own:${one.id}` === value);
  return html`<div class="views">
    <div class="views-tools">${own
      ? html`<button type="button" class="button quiet little" onClick=${() => drop(own)}>
          <${Icon} name="trash" size=${13} />Delete this view</button>`
      : query && html`<${Save} keep=${(name) => keep(name, query)} />`}</div>
    <${Tabs} label=${label} tabs=${tabs} value=${value} onValue=${onValue}>${children}<//></div>`;
}

const VIEWS = "/views";

/** Keeps a view, in the place of one of the same name. */
const keep = (name, query) => write({
  path: VIEWS, done: () => `The view “${name}” is saved.`, failed: `The view “${name}” is not saved.`,
  change: ({ views }) => {
    const others = views.filter((one) => folded(one.name) !== folded(name));
    return { views: [...others, newView(name, query)] };
  },
  send: () => post(VIEWS, { name, query }),
});

/** As the server tells names apart. */
const folded = (name) => name.trim().toLowerCase();

/** One that the server has not numbered yet. @returns {Shape<"SavedView">} */
const newView = (name, query) => ({ page: "campaigns", id: 0, name, query, saved_by: "" });

const drop = ({ id, name, query }) => write({
  path: VIEWS, done: () => `The view “${name}” is deleted.`, failed: `The view “${name}” is not deleted.`,
  change: ({ views }) => ({ views: views.filter((one) => one.id !== id) }),
  send: () => del(`${VIEWS}/${id}`),
  undo: () => () => keep(name, query),
});

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
