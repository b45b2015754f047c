import assert from "node:assert/strict";
import { test } from "node:test";
import { Cache } from "/static/shared/ui/cache.js";

/** A cache on a clock that is moved by hand, and a server that answers when told to. */
function world() {
  let now = 0;
  const timers = [];
  const asked = [];
  const cache = new Cache({ now: () => now, later: (run, ms) => timers.push({ run, at: now + ms }) });
  const load = (name) => (signal) =>
    new Promise((resolve, reject) => {
      asked.push({ name, signal, answer: resolve, refuse: reject });
    });
  const pass = (ms) => {
    now += ms;
    for (const timer of timers.splice(0)) timer.at <= now ? timer.run() : timers.push(timer);
  };
  return { cache, asked, load, pass };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));
const nothing = () => {};

test("two readers of one address share one request, and both see its answer", async () => {
  const { cache, asked, load } = world();
  const told = [];
  cache.watch("/a", load("a"), [], () => told.push("one"));
  cache.watch("/a", load("a"), [], () => told.push("two"));

  asked[0].answer(1);
  await settled();

  assert.equal(asked.length, 1);
  assert.equal(cache.read("/a").data, 1);
  assert.deepEqual(told.slice(-2), ["one", "two"]);
});

test("whoever comes back sees what was known at once, while it is asked for again", async () => {
  const { cache, asked, load, pass } = world();
  const leave = cache.watch("/a", load("a"), [], nothing);
  asked[0].answer("old");
  await settled();
  leave();
  pass(60_000);

  cache.watch("/a", load("a"), [], nothing);
  const meanwhile = cache.read("/a");
  asked[1].answer("new");
  await settled();

  assert.deepEqual(meanwhile, { data: "old", error: null, isLoading: true });
  assert.deepEqual(cache.read("/a"), { data: "new", error: null, isLoading: false });
});

test("what was just asked for is not asked for again by the page that opens next", async () => {
  const { cache, asked, load, pass } = world();
  cache.prefetch("/a", load("a"));
  asked[0].answer(1);
  await settled();
  pass(500);

  cache.watch("/a", load("a"), [], nothing);

  assert.equal(asked.length, 1);
  assert.equal(cache.read("/a").data, 1);
});

test("the last reader who leaves ends the request, and an earlier one does not", () => {
  const { cache, asked, load } = world();
  const first = cache.watch("/a", load("a"), [], nothing);
  const last = cache.watch("/a", load("a"), [], nothing);

  first();
  assert.equal(asked[0].signal.aborted, false);
  last();
  assert.equal(asked[0].signal.aborted, true);
});

test("a topic asks again for what is looked at, and only marks the rest as old", async () => {
  const { cache, asked, load, pass } = world();
  cache.watch("/seen", load("seen"), ["campaigns"], nothing);
  cache.watch("/other", load("other"), ["messages"], nothing);
  const leave = cache.watch("/left", load("left"), ["campaigns"], nothing);
  for (const one of asked) one.answer(1);
  await settled();
  leave();
  pass(10_000);
  asked.length = 0;

  cache.invalidate(["campaigns"]);
  assert.deepEqual(
    asked.map((one) => one.name),
    ["seen"],
  );
  cache.watch("/left", load("left"), ["campaigns"], nothing);
  assert.deepEqual(
    asked.map((one) => one.name),
    ["seen", "left"],
  );
});

test("changes in a row ask once, after a rest that grows with what an answer costs", async () => {
  const { cache, asked, load, pass } = world();
  cache.watch("/a", load("a"), ["campaigns"], nothing);
  pass(1000);
  asked[0].answer(1);
  await settled();

  cache.invalidate(["campaigns"]);
  cache.invalidate(["campaigns"]);
  pass(8000);
  assert.equal(asked.length, 1, "an answer that took a second was asked for again within nine");
  pass(1000);
  assert.equal(asked.length, 2);
});

test("an error stands beside what was known, until an answer comes", async () => {
  const { cache, asked, load } = world();
  cache.watch("/a", load("a"), [], nothing);
  asked[0].answer("known");
  await settled();
  cache.reload("/a");
  asked[1].refuse(new Error("away"));
  await settled();
  const failed = cache.read("/a");
  cache.reload("/a");
  asked[2].answer("back");
  await settled();

  assert.equal(failed.data, "known");
  assert.equal(failed.error.message, "away");
  assert.deepEqual(cache.read("/a"), { data: "back", error: null, isLoading: false });
});

test("a change is shown at once, and asked for again when the server has it", async () => {
  const { cache, asked, load } = world();
  cache.watch("/a", load("a"), [], nothing);
  asked[0].answer({ state: "running" });
  await settled();

  let accept;
  const written = cache.write(
    "/a",
    (old) => ({ ...old, state: "stopped" }),
    () =>
      new Promise((resolve) => {
        accept = resolve;
      }),
  );
  assert.equal(cache.read("/a").data.state, "stopped");
  accept("done");

  assert.equal(await written, "done");
  assert.equal(asked.length, 2);
});

test("an answer from before a change does not hide it while it is on its way", async () => {
  const { cache, asked, load } = world();
  cache.watch("/a", load("a"), ["campaigns"], nothing);
  asked[0].answer({ state: "running" });
  await settled();

  let accept;
  const written = cache.write(
    "/a",
    (old) => ({ ...old, state: "stopped" }),
    () =>
      new Promise((resolve) => {
        accept = resolve;
      }),
  );
  cache.reload("/a");
  asked[1].answer({ state: "running" });
  await settled();
  const meanwhile = cache.read("/a").data.state;
  accept();
  await written;
  const done = cache.read("/a").data.state;
  asked[2].answer({ state: "stopped" });
  await settled();

  assert.deepEqual([meanwhile, done, cache.read("/a").data.state], ["stopped", "stopped", "stopped"]);
});

test("of two changes the one that is refused is taken back, and the other stays", async () => {
  const { cache, asked, load } = world();
  cache.watch("/a", load("a"), [], nothing);
  asked[0].answer([]);
  await settled();

  let refuse;
  const refused = cache.write(
    "/a",
    (old) => [...old, "one"],
    () =>
      new Promise((_, reject) => {
        refuse = reject;
      }),
  );
  cache.write(
    "/a",
    (old) => [...old, "two"],
    () => new Promise(() => {}),
  );
  const both = cache.read("/a").data;
  refuse(new Error("no"));
  await assert.rejects(refused);

  assert.deepEqual([both, cache.read("/a").data], [["one", "two"], ["two"]]);
});

test("a change that is refused is taken back, and its reason goes to the caller", async () => {
  const { cache, asked, load } = world();
  cache.watch("/a", load("a"), [], nothing);
  asked[0].answer({ state: "running" });
  await settled();

  const refused = cache.write(
    "/a",
    (old) => ({ ...old, state: "stopped" }),
    () => Promise.reject(new Error("no")),
  );

  await assert.rejects(refused, /no/);
  assert.equal(cache.read("/a").data.state, "running");
});

test("a refusal does not take back what came from the server meanwhile", async () => {
  const { cache, asked, load } = world();
  cache.watch("/a", load("a"), [], nothing);
  asked[0].answer(1);
  await settled();

  let refuse;
  const written = cache.write(
    "/a",
    () => 2,
    () =>
      new Promise((_, reject) => {
        refuse = reject;
      }),
  );
  cache.put("/a", 3);
  refuse(new Error("no"));

  await assert.rejects(written);
  assert.equal(cache.read("/a").data, 3);
});

test("an answer from before a better one is dropped", async () => {
  const { cache, asked, load } = world();
  cache.watch("/a", load("a"), [], nothing);
  cache.put("/a", "better");
  asked[0].answer("late");
  await settled();

  assert.equal(cache.read("/a").data, "better");
});

test("what nobody looks at is kept for two hundred addresses, the oldest goes first", async () => {
  const { cache, asked, load } = world();
  cache.watch("/looked-at", load("looked at"), [], nothing);
  for (let n = 0; n < 250; n += 1) cache.prefetch(`/${n}`, load(String(n)));
  for (const one of asked) one.answer(one.name);
  await settled();

  assert.equal(cache.read("/looked-at").data, "looked at");
  assert.equal(cache.read("/0").data, undefined);
  assert.equal(cache.read("/249").data, "249");
});

test("nothing of one person is left for the next", async () => {
  const { cache, asked, load } = world();
  cache.watch("/a", load("a"), [], nothing);
  asked[0].answer("of Ann");
  await settled();
  cache.reload("/a");

  cache.clear();
  asked[1].answer("of Ann, late");
  await settled();

  assert.equal(cache.read("/a").data, undefined);
});
