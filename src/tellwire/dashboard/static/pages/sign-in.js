// The door: e-mail and password for a session cookie.
import { html, useEffect, useLayoutEffect, useRef, useState } from "/static/shared/ui/preact.js";
import { TextField } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { openSession, post } from "../api.js";

export default function SignIn() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const banner = useRef(null);
  useEffect(() => { document.title = "Sign in · Tellwire"; }, []);
  useLayoutEffect(() => { if (error) banner.current.focus(); }, [error]);

  const submit = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await post("/session", { email: email.trim(), password });
      await openSession();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  return html`<main class="door"><form class="card" onSubmit=${submit}>
    <span class="brand"><img src="/static/app/mark.svg" alt="" width="24" height="24" />Tellwire</span>
    <h1>Sign in</h1>
    ${error && html`<div class="banner bad" role="alert" tabindex="-1" ref=${banner}>
      <${Icon} name="warning" /><p class="grow">${error.message}</p></div>`}
    <${TextField} label="E-mail" type="email" name="email" autocomplete="username" required value=${email} onValue=${setEmail} />
    <${TextField} label="Password" type="password" name="password" autocomplete="current-password" required
      value=${password} onValue=${setPassword} />
    <button class="button primary" aria-disabled=${isBusy ? "true" : undefined}>${isBusy ? "Signing in…" : "Sign in"}</button>
    <p class="hint">The first administrator's e-mail and password are printed when Tellwire starts, or set in its settings.</p>
  </form></main>`;
}
