import assert from "node:assert/strict";
import { test } from "node:test";
import { blank } from "/static/app/provider-draft.js";
import { withoutSecrets } from "/static/app/provider-secrets.js";

const KEY = "4f9a8b7c6d5e4f3a2b1c0d9e";
const form = (change) => ({ ...blank({ id: "p1", callback_url: "https://x.example/r/p1" }), ...change });

const PLACES = {
  "the password": { authentication: { type: "basic", username: "ann", password: KEY } },
  "a header": { headers: [["Authorization", `Bearer ${KEY}`]] },
  "a public header": { headers: [["User-Agent", KEY]] },
  "a pair": { pairs: [["api_key", KEY]] },
  "the template": { template: `{"token": "${KEY}", "to": "$$To"}` },
  "a template that is half typed": { template: `{"token": "${KEY}` },
  "the address's query": { endpoint: `https://acme.example/send?apikey=${KEY}&to=1` },
  "the address's user": { endpoint: `https://ann:${KEY}@acme.example/send` },
  "the address's path": { endpoint: `https://acme.example/${KEY}/send` },
};
for (const [place, change] of Object.entries(PLACES)) {
  test(`a credential in ${place} is not kept by the browser`, () => {
    assert.ok(JSON.stringify(form(change)).includes(KEY));
    assert.ok(!JSON.stringify(withoutSecrets(form(change))).includes(KEY));
  });
}

test("the callback URL, which is a secret itself, is not kept, and the text of the form is", () => {
  const kept = withoutSecrets(form({ nickname: "Acme", template: '{"to": "$$To", "token": "$$Token"}' }));

  assert.ok(!("callback_url" in kept) && !("id" in kept));
  assert.equal(kept.nickname, "Acme");
  assert.equal(kept.template, '{"to": "$$To", "token": "$$Token"}');
});

test("the mask of a stored secret stays, or saving would empty it", () => {
  const kept = withoutSecrets(form({ headers: [["Authorization", "***"]], template: '{"password": "***"}' }));

  assert.deepEqual(kept.headers, [["Authorization", "***"]]);
  assert.equal(kept.template, '{"password": "***"}');
});
