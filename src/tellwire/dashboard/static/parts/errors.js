// What the server said is wrong with a form, all of it, at its top, with the focus on it.
import { html, useLayoutEffect, useRef } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { sentence } from "../words.js";

/** A field's path as people say it: "Campaigns 2: event". */
export const place = (path) => sentence(path.replace(/\.(\d+)/g, (_, at) => ` ${Number(at) + 1}`).replaceAll(".", ": "));

export function Errors({ error, action }) {
  const box = useRef(null);
  useLayoutEffect(() => { if (error) box.current.focus(); }, [error]);
  if (!error) return null;
  return html`<div class="banner bad" role="alert" tabindex="-1" ref=${box}><${Icon} name="warning" /><div class="grow">
    <p class="strong">${error.message}</p>
    <ul>${Object.entries(error.fields ?? {}).map(([path, why]) => html`<li key=${path}>${place(path)}: ${why}</li>`)}</ul></div>${action}</div>`;
}
