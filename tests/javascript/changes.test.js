import assert from "node:assert/strict";
import { test } from "node:test";
import { Changes, waitOf } from "/static/shared/ui/changes.js";

class Source extends EventTarget {
  isClosed = false;
  close() {
    this.isClosed = true;
  }
  say(kind, data) {
    this.dispatchEvent(Object.assign(new Event(kind), { data }));
  }
}

function world() {
  const sources = [];
  const timers = [];
  const topics = [];
  const changes = new Changes({
    open: () => {
      sources.push(new Source());
      return sources.at(-1);
    },
    keepSession: async () => {},
    onTopics: (some) => topics.push(some),
    later: (run) => timers.push(run),
    forget: (timer) => {
      if (timer) timers[timer - 1] = () => {};
    },
  });
  const elapse = async () => {
    for (const run of timers.splice(0)) await run();
  };
  return { changes, sources, topics, elapse };
}

test("a tab has one connection, however many listen, and none when nobody does", async () => {
  const { changes, sources, elapse } = world();
  const leaves = [changes.listen(), changes.listen()];
  assert.equal(sources.length, 1);

  for (const leave of leaves) leave();
  await elapse();

  assert.equal(sources[0].isClosed, true);
});

test("from one page to the next the connection stays", async () => {
  const { changes, sources, elapse } = world();
  changes.listen()();
  changes.listen();
  await elapse();

  assert.equal(sources.length, 1);
  assert.equal(sources[0].isClosed, false);
});

test("topics come as they are told, and everything is told after a gap", async () => {
  const { changes, sources, topics, elapse } = world();
  changes.listen();
  sources[0].say("open");
  sources[0].say("topics", '["campaigns"]');
  sources[0].say("lagged", '{"lost":3}');
  sources[0].say("error");
  await elapse();
  sources[1].say("open");

  assert.deepEqual(topics, [["campaigns"], null, null]);
  assert.equal(sources[0].isClosed, true);
});

test("each try that fails waits longer, to half a minute, and not all tabs at once", () => {
  const waits = [0, 1, 2, 10].map((tries) => waitOf(tries, 0.5));

  assert.deepEqual(waits, [1000, 2000, 4000, 30_000]);
  assert.equal(waitOf(0, 0), 750);
  assert.equal(waitOf(0, 1), 1250);
});
