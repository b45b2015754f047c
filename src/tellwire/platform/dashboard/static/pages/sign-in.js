// The door: e-mail and password for a session cookie.
import { html, useState } from "/static/shared/ui/preact.js";
import { Door } from "/static/shared/ui/door.js";
import { TextField } from "/static/shared/ui/fields.js";
import { api, session } from "../api.js";

export default function SignIn() {
  const [email, setEmail] = useState(session.value?.email ?? "");
  const [password, setPassword] = useState("");
  return html`<${Door} api=${api} credentials=${() => ({ email: email.trim(), password })}
    hint="The first administrator's e-mail and password are printed when Tellwire starts, or set in its settings.">
    <${TextField} label="E-mail" type="email" name="email" autocomplete="username" required value=${email}
      onValue=${setEmail} />
    <${TextField} label="Password" type="password" name="password" autocomplete="current-password" required
      value=${password} onValue=${setPassword} /><//>`;
}
