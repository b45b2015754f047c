import assert from "node:assert/strict";
import { test } from "node:test";
import { placed } from "/static/shared/ui/placing.js";

const VIEW = { width: 400, height: 600 };
const anchor = (left, top) => ({ left, right: left + 80, top, bottom: top + 30 });

test("a popover is below its button, flush with one of its edges", () => {
  assert.deepEqual(placed(anchor(100, 100), { width: 200, height: 150 }, VIEW), {
    left: 100,
    top: 134,
    maxHeight: 458,
  });
  assert.equal(placed(anchor(250, 100), { width: 200, height: 150 }, VIEW, "end").left, 130);
});

test("it stays within the window, 320 pixels wide or not", () => {
  assert.equal(placed(anchor(350, 100), { width: 200, height: 150 }, VIEW).left, 192);
  assert.equal(placed(anchor(0, 100), { width: 500, height: 150 }, VIEW).left, 8);
});

test("it is above where there is no room below and more above, and no taller than its room", () => {
  assert.equal(placed(anchor(100, 500), { width: 200, height: 150 }, VIEW).top, 346);
  assert.deepEqual(placed(anchor(100, 320), { width: 200, height: 900 }, VIEW), { left: 100, top: 8, maxHeight: 308 });
  assert.deepEqual(placed(anchor(100, 100), { width: 200, height: 900 }, VIEW), {
    left: 100,
    top: 134,
    maxHeight: 458,
  });
});
