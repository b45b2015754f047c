import assert from "node:assert/strict";
import { test } from "node:test";
import { finder } from "/static/shared/ui/finder.js";

const find = finder(
  [
    ["/campaigns", "list"],
    ["/campaigns/new", "new"],
    ["/campaigns/:id", "one"],
    ["/campaigns/:id/edit", "edit"],
  ],
  "missing",
);

const CASES = [
  ["/campaigns", "list", {}],
  ["/campaigns/", "list", {}],
  ["/campaigns/new", "new", {}],
  ["/campaigns/7", "one", { id: "7" }],
  ["/campaigns/7/edit", "edit", { id: "7" }],
  ["/campaigns/a%2Fb", "one", { id: "a/b" }],
  ["/campaigns/7/other", "missing", {}],
  ["/campaigns-of-mine", "missing", {}],
  ["/", "missing", {}],
];
for (const [path, load, params] of CASES) {
  test(`${path} leads to the page "${load}"`, () => {
    assert.deepEqual(find(path), { load, params });
  });
}
