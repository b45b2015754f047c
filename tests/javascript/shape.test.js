import assert from "node:assert/strict";
import { test } from "node:test";
import { eventOf, funnelOf, messageOf } from "/static/app/shape.js";

test("an event's properties are always an object", () => {
  assert.deepEqual(eventOf({ id: "1" }), { id: "1", properties: {} });
  assert.deepEqual(eventOf({ id: "1", properties: { a: 1 } }).properties, { a: 1 });
});

test("a message's standing is spread out", () => {
  const row = { id: "1", standing: { status: "delivered", detail: "delivered_to_operator" } };

  assert.deepEqual(messageOf(row), { ...row, status: "delivered", detail: "delivered_to_operator" });
});

test("a funnel adds up: decisions are messages and skips, read is delivered too, every bad end is a failure", () => {
  const by_status = { queued: 1, sent: 2, delivered: 3, read: 4, undelivered: 5, rejected: 6, expired: 7 };
  const funnel = funnelOf({
    by_status,
    skips: { consent: 8, schedule: 9 },
    sent_or_further: 21,
    errors: {},
    parts: 40,
  });

  assert.equal(funnel.messages, 28);
  assert.equal(funnel.skipped, 17);
  assert.equal(funnel.decisions, 45);
  assert.equal(funnel.delivered, 7);
  assert.equal(funnel.failed, 18);
  assert.equal(funnel.sent, 21);
});

test("a campaign that nobody asked the numbers of has zeros", () => {
  const { messages, decisions, sent, delivered, failed, skips } = funnelOf(undefined);

  assert.deepEqual(
    { messages, decisions, sent, delivered, failed, skips },
    { messages: 0, decisions: 0, sent: 0, delivered: 0, failed: 0, skips: {} },
  );
});
