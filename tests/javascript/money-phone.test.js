import assert from "node:assert/strict";
import { test } from "node:test";
import { bareAmount, minorDigits, money } from "/static/shared/ui/money.js";
import { bareDigits, phone } from "/static/shared/ui/phone.js";

const plain = (text) => text.replaceAll("\u00a0", " ");

for (const [minor, currency, text, bare] of [
  [61_240, "EUR", "€612.40", "612.40"],
  [5, "USD", "$0.05", "0.05"],
  [1200, "JPY", "¥1,200", "1,200"],
  [12_345, "KWD", "KWD 12.345", "12.345"],
  [-150, "EUR", "-€1.50", "-1.50"],
  [0, "EUR", "€0.00", "0.00"],
  [null, "EUR", "–", "–"],
  [150, "?", "? 1.50", "1.50"],
]) {
  test(`${minor} minor units of ${currency} are ${text}`, () => {
    assert.equal(plain(money(minor, currency)), text);
    assert.equal(plain(bareAmount(minor, currency)), bare);
  });
}

test("a currency has its own number of minor digits", () => {
  assert.deepEqual(["EUR", "JPY", "KWD"].map(minorDigits), [2, 0, 3]);
});

for (const [number, text] of [
  ["+6591230000", "+65 9123 0000"],
  ["6591230000", "+65 9123 0000"],
  ["+65******00", "+65 •••• ••00"],
  ["+6591230xxxx", "+65 912 30• •••"],
  ["+12025550100", "+1 202 555 0100"],
  ["+34600000001", "+34 600 000 001"],
  ["+35312345678", "+353 1234 5678"],
  ["+74951234567", "+7 495 123 4567"],
  ["12345", "12345"],
  ["Acme", "Acme"],
  ["", "–"],
  [null, "–"],
]) {
  test(`${JSON.stringify(number)} is written "${text}"`, () => assert.equal(plain(phone(number ?? "")), text));
}

test("a number does not break into two lines", () => assert.doesNotMatch(phone("+6591230000"), / /));

test("what is looked for is digits, with the plus that was typed", () => {
  assert.equal(bareDigits("+65 9123-0000"), "+6591230000");
  assert.equal(bareDigits("(65) 9123+0000"), "6591230000");
});
