import assert from "node:assert/strict";
import { test } from "node:test";
import { matching } from "/static/portal/price-search.js";

const price = (prefix, country_name, operator, mcc, mnc) => ({ prefix, country_name, country: "", operator, mcc, mnc });
const PRICES = [
  price("65", "Singapore", "", "", ""),
  price("659", "Singapore", "Singtel", "525", "01"),
  price("62", "Indonesia", "Telkomsel", "510", "10"),
];
const found = (words) => matching(PRICES, words).map(({ prefix }) => prefix);

const CASES = [
  ["", ["65", "659", "62"]],
  ["6", ["65", "659", "62"]],
  ["+65 9123 4567", ["659", "65"]],
  ["52501", ["659"]],
  ["singapore", ["65", "659"]],
  ["SING tel", ["659"]],
  ["510 10", ["62"]],
  ["nowhere", []],
];
for (const [words, prefixes] of CASES) {
  test(`"${words}" finds ${prefixes.join(", ") || "nothing"}`, () => {
    assert.deepEqual(found(words), prefixes);
  });
}
