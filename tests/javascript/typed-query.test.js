import assert from "node:assert/strict";
import { test } from "node:test";
import { flag, integer, isOverlay, oneOf, panelAt, text, typedQuery } from "/static/shared/ui/typed-query.js";

const FILTER = typedQuery({
  to: text(),
  campaign: integer(),
  state: oneOf(["running", "draft"], "running"),
  all: flag(),
});

test("what an address says is read by its kind, and written as it was", () => {
  const query = { to: "+65", campaign: "7", state: "draft", all: "1" };

  const values = FILTER.read(query);

  assert.deepEqual(values, { to: "+65", campaign: 7, state: "draft", all: true });
  assert.deepEqual(FILTER.write(values), query);
});

test("what cannot be read is as good as none", () => {
  const presets = { to: "", campaign: null, state: "running", all: false };

  for (const query of [
    {},
    { campaign: "7x" },
    { campaign: "9".repeat(20) },
    { state: "gone", all: "yes", other: "1" },
  ]) {
    assert.deepEqual(FILTER.read(query), presets);
  }
});

test("what is as preset is not in the address", () => {
  assert.deepEqual(FILTER.write(FILTER.read({})), {});
  assert.deepEqual(FILTER.write({ campaign: 0 }), { campaign: "0" });
});

test("opening and closing a panel is not leaving the page", () => {
  assert.equal(isOverlay("/messages?to=1", "/messages?to=1&open=message%3A7"), true);
  assert.equal(isOverlay("/messages?open=a&to=1", "/messages?to=1"), true);
  assert.equal(isOverlay("/messages?to=1", "/messages?to=1"), false);
  assert.equal(isOverlay("/messages?to=1", "/messages?to=2&open=a"), false);
  assert.equal(isOverlay("/messages", "/campaigns?open=a"), false);
});

test("a panel's address keeps what the page's has", () => {
  assert.equal(panelAt("/messages", { to: "1" }, "message:7"), "/messages?to=1&open=message%3A7");
  assert.equal(panelAt("/messages", { to: "1", open: "message:7" }, ""), "/messages?to=1");
  assert.equal(panelAt("/messages", { open: "message:7" }, ""), "/messages");
});
