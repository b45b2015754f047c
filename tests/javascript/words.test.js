import assert from "node:assert/strict";
import { test } from "node:test";
import { count, country, moment, number, share, span, when, zoned } from "/static/shared/ui/words.js";

const AT = "2026-03-05T17:04:09.120Z";

test("moments are written by one clock of 24 hours, in the order of the language", () => {
  assert.equal(moment(AT), "5 Mar 2026, 17:04:09");
  assert.equal(moment("2026-03-05T00:04:09Z"), "5 Mar 2026, 00:04:09");
});

test("a tooltip names the zone, and UTC beside it", () => {
  assert.match(zoned(AT), /^5 Mar 2026, 17:04:09 \S+ \(17:04:09 UTC\)$/);
});

test("a moment of today is its clock time, another has its date before", () => {
  assert.match(when(new Date().toISOString()), /^\d\d:\d\d:\d\d$/);
  assert.equal(when("2020-03-05T17:04:09Z"), "5 Mar, 17:04");
});

const SPANS = [
  [-5, "0 ms"],
  [0, "0 ms"],
  [999, "999 ms"],
  [1000, "1.0 s"],
  [59_949, "59.9 s"],
  [60_000, "1 min"],
  [3_599_000, "60 min"],
  [3_600_000, "1.0 h"],
  [172_799_000, "48.0 h"],
  [172_800_000, "2 days"],
];
for (const [ms, words] of SPANS) {
  test(`a span of ${ms} ms is written "${words}"`, () => {
    assert.equal(span(AT, new Date(Date.parse(AT) + ms).toISOString()), words);
  });
}

test("a share of nothing is a dash, all is 100 without a fraction, the rest has one", () => {
  assert.equal(share(0, 0), "–");
  assert.equal(share(7, 7), "100 %");
  assert.equal(share(1, 3), "33.3 %");
  assert.equal(share(0, 3), "0.0 %");
});

test("a count has its noun in the right number", () => {
  assert.equal(count(1, "message"), "1 message");
  assert.equal(count(0, "message"), "0 messages");
  assert.equal(count(1200, "reply", "replies"), "1,200 replies");
});

test("a number that is not known is a zero; a country has its name and code", () => {
  assert.equal(number(undefined), "0");
  assert.equal(country("SG"), "Singapore (SG)");
});
