import assert from "node:assert/strict";
import { test } from "node:test";
import { fits, queryOf, termsOf, termWords, typed, withTerm } from "/static/shared/ui/filter/terms.js";

const FIELDS = [
  {
    key: "state",
    name: "State",
    kind: "choice",
    options: [
      ["running", "Running"],
      ["draft", "Draft"],
      ["in review", "In review"],
    ],
  },
  { key: "event", name: "Event", kind: "text" },
  { key: "sent", name: "Sent", kind: "number", unit: "messages", value: (row) => row.numbers.sent },
];

const round = (query) => queryOf(termsOf(query, FIELDS), FIELDS);

test("terms survive the address", () => {
  const query = { state: "running,draft", event: "Cart, left", sent: "10..20" };
  assert.deepEqual(round(query), query);
});

test("a field without a term is empty in the query, so that an old one goes", () => {
  assert.deepEqual(round({ state: "running" }), { state: "running", event: "", sent: "" });
});

for (const query of [{ state: "gone" }, { sent: "many" }, { sent: ".." }, { event: " " }, { other: "x" }]) {
  test(`${JSON.stringify(query)} filters nothing`, () => assert.deepEqual(termsOf(query, FIELDS), []));
}

for (const [text, words] of [
  ["10..", "at least 10 messages"],
  ["..20", "at most 20 messages"],
  ["10..20", "10 to 20 messages"],
  ["10", "10 messages"],
  ["0.5..", "at least 0.5 messages"],
]) {
  test(`${text} is said as "${words}"`, () => {
    const [term] = termsOf({ sent: text }, FIELDS);
    assert.equal(termWords(term, FIELDS[2]), words);
  });
}

test("a choice is said in its words, a text in quotes", () => {
  const [state, event] = termsOf({ state: "running,in review", event: "cart" }, FIELDS);
  assert.equal(termWords(state, FIELDS[0]), "Running, In review");
  assert.equal(termWords(event, FIELDS[1]), "“cart”");
});

test("a term takes the place of its field's; one without a value takes it away", () => {
  const terms = termsOf({ state: "running", event: "x" }, FIELDS);
  const changed = withTerm(terms, { key: "state", values: ["draft"] });
  assert.deepEqual(
    changed.map(({ key }) => key),
    ["state", "event"],
  );
  assert.deepEqual(changed[0].values, ["draft"]);
  assert.deepEqual(
    withTerm(changed, { key: "state", values: [] }).map(({ key }) => key),
    ["event"],
  );
  assert.deepEqual(withTerm([], { key: "sent", values: ["", ""] }), []);
});

test("typed words that name a field are terms, the others what is looked for", () => {
  const { terms, rest } = typed('spring state:Running event:"Cart left" sale', FIELDS);
  assert.deepEqual(queryOf(terms, FIELDS), { state: "running", event: "Cart left", sent: "" });
  assert.equal(rest, "spring sale");
});

test("a typed name that is of no field, or no value of it, stays a word", () => {
  assert.deepEqual(typed("http://x state:gone 12:30", FIELDS), { terms: [], rest: "http://x state:gone 12:30" });
  assert.deepEqual(typed('"two words" x', FIELDS), { terms: [], rest: "two words x" });
});

const ROW = { state: "running", event: "Cart Left", numbers: { sent: 12 } };
for (const [query, isFit] of [
  [{}, true],
  [{ state: "running,draft" }, true],
  [{ state: "draft" }, false],
  [{ event: "cart" }, true],
  [{ event: "order" }, false],
  [{ sent: "12..12" }, true],
  [{ sent: "13.." }, false],
  [{ sent: "..11" }, false],
  [{ state: "running", sent: "..11" }, false],
]) {
  test(`a row ${isFit ? "fits" : "does not fit"} ${JSON.stringify(query)}`, () => {
    assert.equal(fits(ROW, termsOf(query, FIELDS), FIELDS), isFit);
  });
}

test("a number that is not known fits no span", () => {
  assert.equal(fits({ numbers: { sent: null } }, termsOf({ sent: "..5" }, FIELDS), FIELDS), false);
});
