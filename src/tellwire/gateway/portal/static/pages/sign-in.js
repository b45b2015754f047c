// The door: e-mail and password, or the admin token with which the first owner is made.
import { html, useEffect, useLayoutEffect, useRef, useState } from "/static/shared/ui/preact.js";
import { Choice, TextField } from "/static/shared/ui/fields.js";
import { openSession, post } from "../api.js";
import { Icon } from "../icons.js";

export default function SignIn() {
  const [way, setWay] = useState("password");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [token, setToken] = useState("");
  const [error, setError] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const banner = useRef(null);
  useEffect(() => { document.title = "Sign in · Tellwire gateway"; }, []);
  useLayoutEffect(() => { if (error) banner.current.focus(); }, [error]);

  const submit = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await post("/session", way === "token" ? { token: token.trim() } : { email: email.trim(), password });
      await openSession();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  return html`<main class="door"><form class="card" onSubmit=${submit}>
    <span class="brand"><img src="/static/portal/mark.svg" alt="" width="24" height="24" />Tellwire<span class="badge">Gateway</span></span>
    <h1>Sign in</h1>
    ${error && html`<div class="banner bad" role="alert" tabindex="-1" ref=${banner}><${Icon} name="warning" /><p class="grow">${error.message}</p></div>`}
    <${Choice} label="Sign in with" isLabelUnseen=${true} value=${way} onValue=${setWay} options=${[["password", "Password"], ["token", "Admin token"]]} />
    ${way === "password" ? html`
      <${TextField} key="email" label="E-mail" type="email" name="email" autocomplete="username" required value=${email} onValue=${setEmail} />
      <${TextField} key="password" label="Password" type="password" name="password" autocomplete="current-password" required value=${password} onValue=${setPassword} />`
    : html`<${TextField} key="token" label="Admin token" type="password" name="token" required value=${token} onValue=${setToken}
      hint="The gateway prints it when it starts, or it is gateway_admin_token in the settings." />`}
    <button class="button primary" aria-disabled=${isBusy ? "true" : undefined}>${isBusy ? "Signing in…" : "Sign in"}</button>
    ${way === "password" && html`<p class="hint">For the first time here, use the admin token, and then add yourself under People.</p>`}
  </form></main>`;
}
