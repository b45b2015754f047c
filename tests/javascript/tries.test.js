import assert from "node:assert/strict";
import { test } from "node:test";
import { byMessage, postsOf } from "/static/portal/tries.js";

const one = (id, change = {}) => ({ id, umid: "m1", event: "delivered", url: "https://a.example", ...change });

test("tries of the same thing at the same receiver are one post, the newest before the earlier ones", () => {
  const [post, ...others] = postsOf([one(3), one(2), one(1)]);

  assert.equal(others.length, 0);
  assert.equal(post.newest.id, 3);
  assert.deepEqual(
    post.earlier.map(({ id }) => id),
    [2, 1],
  );
});

test("another event, and another receiver, is another post", () => {
  const posts = postsOf([one(3), one(2, { event: "sent" }), one(1, { url: "https://b.example" })]);

  assert.deepEqual(
    posts.map(({ newest }) => newest.id),
    [3, 2, 1],
  );
});

test("messages stand in the order of their newest tries, each with all of its own", () => {
  const messages = byMessage([one(4, { umid: "m2" }), one(3), one(2, { umid: "m2" }), one(1, { event: "inbound" })]);

  assert.deepEqual(
    messages.map(({ umid }) => umid),
    ["m2", "m1"],
  );
  assert.deepEqual(
    messages[0].posts.map(({ earlier }) => earlier.length),
    [1],
  );
});

test("erased messages are not taken for one", () => {
  const messages = byMessage([one(2, { umid: "" }), one(1, { umid: "" })]);

  assert.equal(messages.length, 2);
});

test("what came in is a text, not a message", () => {
  assert.equal(byMessage([one(1, { event: "inbound" })])[0].isText, true);
  assert.equal(byMessage([one(1)])[0].isText, false);
});
