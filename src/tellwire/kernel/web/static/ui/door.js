// The door: a form that opens a session, alone or over the page of somebody whose session ended.
// What it asks for is the application's.
import { html, useEffect, useLayoutEffect, useRef, useState } from "./preact.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./icons.js";
import { PRODUCT } from "./product.js";
import { Brand } from "./shell.js";

/** `credentials()` are what the fields in `children` hold; `hint` says where they come from. */
export function Door({ api, badge, credentials, hint, children }) {
  const [error, setError] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const form = useRef(null);
  const banner = useRef(null);
  const isOver = Boolean(api.session.value);
  useEffect(() => {
    if (!isOver) {
      document.title = `Sign in · ${PRODUCT}`;
      return;
    }
    const look = () => api.openSession().catch(() => {}); // they may have signed in again in another tab
    addEventListener("focus", look);
    return () => removeEventListener("focus", look);
  }, [isOver]);
  useLayoutEffect(() => {
    const inputs = [...form.current.querySelectorAll("input:not([type=radio])")];
    (inputs.find((one) => !one.value) ?? inputs[0]).focus();
  }, []);
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

  const fields = html`
    ${error && html`<div class="banner bad" role="alert" tabindex="-1" ref=${banner}>
      <${Icon} name="warning" /><p class="grow">${error.message}</p></div>`}
    ${children}`;
  const enter = html`<button class="button primary" aria-disabled=${isBusy ? "true" : undefined}>
    ${isBusy ? "Signing in…" : "Sign in"}</button>`;
  if (isOver) {
    return html`<${Dialog} title="Sign in again" isForm onClose=${api.closeDoor}>
      <form class="stack" ref=${form} onSubmit=${submit}>
        <p>Your session has ended. What you typed is still here, and what you just asked for goes on once you are
          signed in.</p>
        ${fields}
        <div class="actions">
          <button type="button" class="button" onClick=${api.closeDoor}>Not now</button>${enter}</div>
      </form><//>`;
  }
  return html`<main class="door"><form class="card" ref=${form} onSubmit=${submit}>
    <span class="brand"><${Brand} badge=${badge} /></span>
    <h1>Sign in</h1>
    ${fields}${enter}
    ${hint && html`<p class="hint">${hint}</p>`}
  </form></main>`;
}
