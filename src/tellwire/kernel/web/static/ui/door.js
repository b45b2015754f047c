// The door: a form that opens a session. What it asks for is the application's.
import { html, useEffect, useLayoutEffect, useRef, useState } from "./preact.js";
import { Icon } from "./icons.js";
import { PRODUCT } from "./product.js";
import { Brand } from "./shell.js";

/** `credentials()` are what the fields in `children` hold; `hint` says where they come from. */
export function Door({ api, badge, credentials, hint, children }) {
  const [error, setError] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const form = useRef(null);
  const banner = useRef(null);
  useEffect(() => { document.title = `Sign in · ${PRODUCT}`; }, []);
  useLayoutEffect(() => { form.current.querySelector("input:not([type=radio])").focus(); }, []);
  useLayoutEffect(() => { if (error) banner.current.focus(); }, [error]);

  const submit = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await api.post("/session", credentials());
      await api.openSession();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  return html`<main class="door"><form class="card" ref=${form} onSubmit=${submit}>
    <span class="brand"><${Brand} badge=${badge} /></span>
    <h1>Sign in</h1>
    ${error && html`<div class="banner bad" role="alert" tabindex="-1" ref=${banner}>
      <${Icon} name="warning" /><p class="grow">${error.message}</p></div>`}
    ${children}
    <button class="button primary" aria-disabled=${isBusy ? "true" : undefined}>${isBusy ? "Signing in…" : "Sign in"}</button>
    ${hint && html`<p class="hint">${hint}</p>`}
  </form></main>`;
}
