// The door: e-mail and password, or the admin token with which the first owner is made.
import { html, useState } from "/static/shared/ui/preact.js";
import { Door } from "/static/shared/ui/door.js";
import { Choice, TextField } from "/static/shared/ui/fields.js";
import { api, session } from "../api.js";
import { BADGE } from "../shell.js";

export default function SignIn() {
  const [way, setWay] = useState(session.value?.is_token ? "token" : "password");
  const [email, setEmail] = useState(session.value?.email ?? "");
  const [password, setPassword] = useState("");
  const [token, setToken] = useState("");
  const credentials = () => (way === "token" ? { token: token.trim() } : { email: email.trim(), password });
  return html`<${Door} api=${api} badge=${BADGE} credentials=${credentials}
    hint=${way === "password" && "For the first time here, use the admin token, and then add yourself under People."}>
    <${Choice} label="Sign in with" isLabelUnseen=${true} value=${way} onValue=${setWay}
      options=${[["password", "Password"], ["token", "Admin token"]]} />
    ${way === "password" ? html`
      <${TextField} key="email" label="E-mail" type="email" name="email" autocomplete="username" required
        value=${email} onValue=${setEmail} />
      <${TextField} key="password" label="Password" type="password" name="password" autocomplete="current-password"
        required value=${password} onValue=${setPassword} />`
    : html`<${TextField} key="token" label="Admin token" type="password" name="token" required value=${token}
      onValue=${setToken}
      hint="The gateway prints it when it starts, or it is gateway_admin_token in the settings." />`}<//>`;
}
