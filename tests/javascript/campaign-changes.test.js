import assert from "node:assert/strict";
import { test } from "node:test";
import { allChangedBy, changedBy } from "/static/app/campaign-changes.js";

const row = (standing, changes = {}) => ({ id: 1, standing, facts: [], labels: [], is_unpublished: false, ...changes });
const page = (standing, state) => ({ id: 1, standing, state, facts: [], labels: [], archived_at: null });

for (const [change, before, after] of [
  ["pause", row("running"), "paused"],
  ["pause", row("failing"), "paused"],
  ["pause", row("scheduled"), "paused"],
  ["pause", row("draft"), "draft"],
  ["resume", row("paused"), "running"],
  ["resume", row("stopped"), "stopped"],
  ["archive", row("draft"), "archived"],
  ["archive", row("running"), "running"],
  ["restore", row("archived", { is_unpublished: true }), "draft"],
  ["restore", row("archived"), "stopped"],
  ["restore", row("running"), "running"],
  ["clone", row("running"), "running"],
]) {
  test(`${change} makes a row that is ${before.standing} ${after}, and twice the same`, () => {
    const once = changedBy({ do: change }, before);

    assert.equal(once.standing, after);
    assert.equal(changedBy({ do: change }, once).standing, after);
    assert.equal("state" in once, false);
  });
}

test("a page has its state beside its standing; what is archived keeps it", () => {
  const archived = changedBy({ do: "archive" }, page("draft", "draft"));

  assert.equal(changedBy({ do: "pause" }, page("running", "running")).state, "paused");
  assert.deepEqual([archived.standing, archived.state, Boolean(archived.archived_at)], ["archived", "draft", true]);
  assert.equal(changedBy({ do: "restore" }, archived).archived_at, null);
});

test("what is wrong with a campaign that runs is not said of one that was paused", () => {
  assert.deepEqual(changedBy({ do: "pause" }, row("failing", { facts: [{ code: "failing" }] })).facts, []);
});

test("labels are added once, and taken away", () => {
  const labelled = changedBy({ do: "label", add: ["a", "b"], remove: ["c"] }, row("draft", { labels: ["b", "c"] }));

  assert.deepEqual(labelled.labels, ["b", "a"]);
});

test("of a list only those named change, and what is deleted is gone", () => {
  const list = [
    { ...row("draft"), id: 1 },
    { ...row("draft"), id: 2 },
    { ...row("running"), id: 3 },
  ];

  assert.deepEqual(
    allChangedBy({ do: "delete" }, [1, 3], list).map(({ id }) => id),
    [2, 3],
  );
  assert.deepEqual(
    allChangedBy({ do: "pause" }, [3], list).map(({ standing }) => standing),
    ["draft", "draft", "paused"],
  );
});
