import assert from "node:assert/strict";
import { test } from "node:test";
import {
  blank,
  draftOf,
  headersFor,
  parse,
  payloadOf,
  templateProblem,
  tokensOf,
  warnings,
} from "/static/app/provider-draft.js";

const RESERVED = { id: "p1", callback_url: "https://x.example/r/p1" };
const draft = (change = {}) => ({ ...blank(RESERVED), ...change });
const batched = (body) => draft({ isBatch: true, template: JSON.stringify(body) });

test("a new provider is saved as it stands, apart from what the form alone knows", () => {
  const payload = payloadOf(draft({ nickname: " Acme ", endpoint: " https://acme.example/send " }));

  assert.equal(payload.nickname, "Acme");
  assert.equal(payload.endpoint, "https://acme.example/send");
  assert.equal(payload.parameters.type, "json");
  assert.equal(payload.batch, null);
  assert.ok(!("callback_url" in payload) && !("pairs" in payload));
});

test("what the API answers, and a form made of it saves, is the same", () => {
  const provider = {
    ...payloadOf(draft({ nickname: "Acme", encoding: "form", pairs: [["to", "$$To"]] })),
    callback_url: RESERVED.callback_url,
  };
  const { callback_url: _, ...own } = provider;

  assert.deepEqual(payloadOf(draftOf(provider)), own);
});

test("a GET has a query and no batch, whatever the form held before", () => {
  const payload = payloadOf(
    draft({
      request_type: "GET",
      isBatch: true,
      pairs: [
        ["to", "$$To"],
        ["", ""],
      ],
    }),
  );

  assert.deepEqual(payload.parameters, { type: "query", pairs: [["to", "$$To"]] });
  assert.equal(payload.batch, null);
});

test("the six tokens of the contract are the system's, in any case; others are a campaign's", () => {
  const tokens = tokensOf(draft({ template: '{"a": "$$To $$BODY $$Sender", "b": "$$Sender $$Route"}' }));

  assert.deepEqual(tokens.message, ["Sender", "Route"]);
  assert.ok(tokens.uses("to") && tokens.uses("Body") && !tokens.uses("MessageID"));
});

test("with a batch, tokens outside of the record are global, and one block has each name", () => {
  const tokens = tokensOf(batched({ account: "$$Account", messages: [{ to: "$$To", from: "$$Sender $$account" }] }));

  assert.deepEqual(tokens.global, ["Account"]);
  assert.deepEqual(tokens.message, ["Sender"]);
});

const TEMPLATES = [
  [draft({ template: "[1" }), /^This is not JSON: line 1, column 3, it ends too early/],
  [draft({ template: '{\n"a": $$To}' }), /line 2, column 6, at “\$\$To}”/],
  [draft({ template: "7" }), /must be a JSON object/],
  [batched({ list: [] }), /has no array “messages”/],
  [batched({ messages: [1, 2] }), /exactly one element, the template of each message; it holds 2\./],
  [batched({ messages: [{}] }), /^$/],
  [draft({ template: "]", request_type: "GET" }), /^$/],
];
for (const [form, problem] of TEMPLATES) {
  test(`the template ${form.template} is answered with ${problem}`, () => {
    assert.match(templateProblem(form), problem);
  });
}

test("a text that is JSON parses to its value", () => {
  assert.deepEqual(parse('{"a": [1]}'), { value: { a: [1] } });
});

test("the Content-Type follows the kind of the body, unless somebody wrote another", () => {
  assert.deepEqual(headersFor(draft(), { encoding: "form" }), [["Content-Type", "application/x-www-form-urlencoded"]]);
  const own = [["content-type", "text/plain"]];
  assert.equal(headersFor(draft({ headers: own }), { encoding: "form" })[0][1], "text/plain");
});

test("a provider that lacks what it needs is warned of, and a whole one is not", () => {
  assert.deepEqual(warnings(draft()), []);
  assert.equal(warnings(draft({ template: "{}" })).length, 3);
  assert.match(warnings(draft({ headers: [["Content-Type", "text/xml"]] }))[0], /body is JSON.*says text\/xml/);
  assert.equal(warnings(draft({ template: '{"a": "$$To $$TemplateID $$MessageID"}' })).length, 0);
});
