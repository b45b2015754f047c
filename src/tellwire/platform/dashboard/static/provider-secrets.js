// What of a provider's form a browser may store while it is not saved. Nothing here draws.
import { MASK } from "/static/shared/ui/pairs.js";

const PUBLIC_HEADERS = new Set(["content-type", "accept", "user-agent", "accept-language"]);
// Named as the server names what it masks (senders/masking.py), and a little more.
const SECRET = "(?:[\\w.-]*(?:password|passwd|passcode|passphrase|pwd|secret|token|credential|signature"
  + "|authori[sz]ation|bearer|(?:api|auth|access|app|user|private|licen[sc]e)[._-]?key)[\\w.-]*"
  + "|key|pass|pw|auth|pin|sig|jwt)";
// A value may be half typed: a string without its end, or a word without quotes.
const VALUE = '"(?:[^"\\\\\\n]|\\\\.)*"?|\\[[^\\]]*\\]?|[^\\s,}\\]"]+';
const IN_JSON = new RegExp(`("${SECRET}"\\s*:\\s*)(${VALUE})`, "gi");
const IN_QUERY = new RegExp(`([?&]${SECRET}=)([^&#]*)`, "gi");
const NAMED = new RegExp(`^${SECRET}$`, "i");
const LONG = /(?<![$\w])\w{20,}/g; // a key, whatever it is called, if there are digits among the letters
const isToken = (text) => /^"?\$\$\w+"?$/.test(text);
const isStored = (text) => text === MASK || text === `"${MASK}"`; // to leave it out would save an empty secret
const isRandom = (text) => /\d/.test(text) && /[a-z]/i.test(text);
const withoutKeys = (text) => text.replace(LONG, (piece) => (isRandom(piece) ? "" : piece));

/** The draft as a browser may store it: without what may be a credential. Stored ones are masks already, and stay. */
export function withoutSecrets(draft) {
  const open = (value) => (isStored(value) || isToken(value) ? value : "");
  const pairs = (list, isPublic) => list.map(
    ([name, value]) => [name, isPublic(name.trim()) ? withoutKeys(value) : open(value)],
  );
  const { id, callback_url, authentication, ...rest } = draft; // whoever knows the callback URL can post receipts to it
  return {
    ...rest,
    endpoint: withoutKeys(draft.endpoint.replace(/(\/\/)[^/@]*@/, "$1").replace(
      IN_QUERY, (_, before, value) => before + open(value),
    )),
    authentication: {
      ...authentication,
      ...("password" in authentication && { password: open(authentication.password) }),
      ...("client_secret" in authentication && { client_secret: open(authentication.client_secret) }),
      ...(authentication.extra && { extra: pairs(authentication.extra, () => false) }),
    },
    headers: pairs(draft.headers, (name) => PUBLIC_HEADERS.has(name.toLowerCase())),
    pairs: pairs(draft.pairs, (name) => !NAMED.test(name)),
    template: withoutKeys(
      draft.template.replace(IN_JSON, (_, before, value) => before + (open(value) || '""')),
    ),
  };
}
