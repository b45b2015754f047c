import assert from "node:assert/strict";
import { test } from "node:test";
import { fit, pieces, ranked } from "/static/shared/ui/palette/ranking.js";

const names = (typed, list, limit) =>
  ranked(
    list.map((name) => ({ name })),
    typed,
    limit,
  ).map(({ name }) => name);

test("the whole name is best, then its beginning, then the beginning of a word, then any place", () => {
  const list = ["Wildcart", "Shopping cart left", "Cart left", "Cart"];
  assert.deepEqual(names("cart", list), ["Cart", "Cart left", "Shopping cart left", "Wildcart"]);
});

test("all words must fit, in any order, without case and accents", () => {
  assert.deepEqual(names("left CART", ["Cart left", "Cart found"]), ["Cart left"]);
  assert.deepEqual(names("uber", ["Überraschung"]), ["Überraschung"]);
  assert.deepEqual(names("cote", ["Côte d’Ivoire"]), ["Côte d’Ivoire"]);
});

test("letters scattered over a name fit nothing; its initials do", () => {
  assert.deepEqual(names("ctf", ["Cart left"]), []);
  assert.deepEqual(names("cl", ["Cart left", "Order"]), ["Cart left"]);
});

test("nothing typed finds all, as they came", () => {
  assert.deepEqual(names("", ["long", "b", "a"]), ["long", "b", "a"]);
  assert.equal(names(" ", ["b", "a"], 1).length, 1);
});

test("of two that fit alike the shorter is first", () => {
  assert.deepEqual(names("ord", ["Order confirmation", "Order"]), ["Order", "Order confirmation"]);
});

test("words that are not shown find an item too, below those whose name fits", () => {
  const items = [{ name: "Suppress a number", words: "block" }, { name: "Block list" }];
  assert.deepEqual(
    ranked(items, "block").map(({ name }) => name),
    ["Block list", "Suppress a number"],
  );
});

test("what fits is marked, once where words overlap", () => {
  assert.deepEqual(fit("Cart left", "left ca").marks, [
    [0, 2],
    [5, 9],
  ]);
  assert.deepEqual(fit("Cart", "car art").marks, [[0, 4]]);
  assert.deepEqual(pieces("Cart left", [[5, 9]]), [
    ["Cart ", false],
    ["left", true],
  ]);
  assert.deepEqual(pieces("x", []), [["x", false]]);
});

test("typed signs are signs, not a pattern", () => {
  assert.deepEqual(names("+65 (", ["+65 (Singapore)", "65"]), ["+65 (Singapore)"]);
});
