import assert from "node:assert/strict";
import { test } from "node:test";
import { consentWords } from "/static/app/consent-words.js";
import { partsOf, sumOf } from "/static/app/file-parts.js";
import { answersWords, askedBy, keyOf, personOf, whoOf } from "/static/app/inbox-words.js";
import { draftOf, errorsOf, repliesOf, rules } from "/static/app/keyword-draft.js";

test("an address names a conversation, whatever stands in the name", () => {
  for (const person of [
    { kind: "identity", value: "ann" },
    { kind: "identity", value: "a:b:c" },
    { kind: "device", value: "d1" },
  ]) {
    assert.deepEqual(personOf(keyOf(person)), person);
  }
  assert.equal(personOf("message:7"), null);
  assert.equal(personOf(""), null);
  assert.deepEqual(askedBy({ kind: "device", value: "d1" }), { object_id: "d1" });
});

test("somebody is called by name, and a number as a number", () => {
  assert.equal(whoOf({ name: "Ann", person: { value: "ann" } }), "Ann");
  assert.equal(whoOf({ name: "", person: { value: "ann" } }), "ann");
  assert.equal(whoOf({ name: "", person: { value: "+6591230000" } }).replaceAll("\u00a0", " "), "+65 9123 0000");
});

test("what is answered is said where a campaign asked", () => {
  assert.equal(answersWords({ campaign_id: 7, campaign_name: "Cart" }), "Cart");
  assert.equal(answersWords({ campaign_id: 7, campaign_name: "" }), "Campaign 7");
  assert.equal(answersWords({ campaign_id: null, campaign_name: "" }), "");
  assert.equal(answersWords(null), "");
});

test("keywords go into the form and come out as they were", () => {
  const replies = {
    stop: { words: ["Schluss", "nie mehr"], confirm: true, text: "Ok." },
    start: { words: [], confirm: false, text: "" },
    help: { words: [], confirm: false, text: "" },
    without: ["END"],
  };

  assert.deepEqual(repliesOf(draftOf(replies)), replies);
  assert.deepEqual(repliesOf(draftOf()).without, []);
});

test("help needs words of the account's own", () => {
  const [[path, rule]] = rules;

  assert.equal(path, "help.text");
  assert.ok(rule(" ", { help: { confirm: true } }));
  assert.equal(rule("", { help: { confirm: false } }), "");
  assert.deepEqual(errorsOf({ "account.replies.stop.words.0": "no" }), { "stop.words": "no" });
});

test("a long file goes in parts with its header, and mistakes keep their lines", () => {
  const lines = ["phone,reason\n", "+6591230000,a\n", "+6591230001,b\n", "x,c\n"];

  const parts = partsOf(`\ufeff${lines.join("")}`, 32);

  assert.deepEqual(parts, [
    { text: lines[0] + lines[1], skipped: 0 },
    { text: lines[0] + lines[2] + lines[3], skipped: 1 },
  ]);
  const report = (mistakes) => ({ suppressed: 1, already: 2, repeated: 0, refused: mistakes.length, mistakes });
  const sum = sumOf([
    { skipped: 0, report: report([]) },
    { skipped: 1, report: report([{ line: 3, why: "no" }]) },
  ]);
  assert.deepEqual(sum, {
    suppressed: 2,
    already: 4,
    repeated: 0,
    refused: 1,
    mistakes: [{ line: 4, why: "no" }],
  });
  assert.deepEqual(partsOf("+1\n+2"), [{ text: "+1\n+2", skipped: 0 }]);
});

test("a line of the ledger says what became of what, and by whom", () => {
  const line = { what: "suppression", source: "reply", before: null, after: true };

  assert.equal(consentWords(line), "Number suppressed by a reply of the person");
  assert.equal(consentWords({ ...line, before: true }), "Number suppressed again by a reply of the person");
  const released = { ...line, source: "expiry", before: true, after: false };
  assert.equal(consentWords(released), "Number released by the end of its time");
  const flag = { what: "MSG-sms", source: "profile", before: null, after: false };
  assert.equal(consentWords(flag), "MSG-sms not set → false, by an upload");
});
