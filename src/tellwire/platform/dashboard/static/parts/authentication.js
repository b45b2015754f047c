// How a provider knows us: not at all (keys travel in a header), HTTP Basic, or OAuth 2.0 client credentials.
import { html } from "/static/shared/ui/preact.js";
import { Choice, TextField } from "/static/shared/ui/fields.js";
import { MASK, Pairs } from "/static/shared/ui/pairs.js";

const KINDS = [["none", "No authentication"], ["basic", "Basic"], ["oauth2", "OAuth 2.0"]];
const BLANK = {
  none: { type: "none" },
  basic: { type: "basic", username: "", password: "" },
  oauth2: { type: "oauth2", token_url: "", client_id: "", client_secret: "", extra: [] },
};

export function Authentication({ given, onGiven, errors }) {
  const tie = (key) => ({
    value: given[key],
    onValue: (text) => onGiven({ ...given, [key]: text }),
    error: errors[`authentication.${key}`],
  });
  return html`<div class="stack close">
    <${Choice} label="Authentication" value=${given.type} onValue=${(type) => onGiven(BLANK[type])} options=${KINDS} />
    ${given.type === "basic" && html`<div class="two">
      <${TextField} label="User name" ...${tie("username")} />
      <${Secret} label="Password" ...${tie("password")} />
    </div>`}
    ${given.type === "oauth2" && html`
      <div class="two">
        <${TextField} label="Client URL" type="url" class="mono" ...${tie("token_url")}
          hint="Where a token is fetched with the client's credentials" />
        <${TextField} label="Client ID" ...${tie("client_id")} />
        <${Secret} label="Secret key" ...${tie("client_secret")} />
      </div>
      <${Pairs} legend="More key-value pairs of the token request" path="authentication.extra" add="Add a pair"
        errors=${errors}
        pairs=${given.extra ?? []} onPairs=${(extra) => onGiven({ ...given, extra })} />`}
  </div>`;
}

const Secret = ({ value, ...rest }) => html`
  <${TextField} type="password" autocomplete="new-password" ...${rest}
    value=${value === MASK ? "" : value} placeholder=${value === MASK ? "Stored. Type to replace it" : ""} />`;
