// Invented figures for the gallery, the same at every load.

/** A generator of numbers between 0 and 1 (mulberry32). */
export function numbersFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const NAMES = [
  "Cart abandoned, over 50 EUR",
  "Cart abandoned – VIP (pay day, all countries of the south)",
  "Order confirmation",
  "Delivered: ask for a review",
  "Back in stock",
  "Loyalty tier up",
  "Spring sale, wave 2",
  "Birthday",
  "Price drop",
  "Überraschung",
];
export const STATES = ["running", "failing", "scheduled", "draft", "paused", "stopped", "ended", "in review"];
const EVENTS = ["Cart Left", "Order Placed", "Order Delivered", "Back In Stock", "Tier Changed"];

/** That many campaigns. */
export function campaigns(count, seed = 7) {
  const next = numbersFrom(seed);
  const pick = (list) => list[Math.floor(next() * list.length)];
  return Array.from({ length: count }, (_, at) => {
    const sent = next() < 0.1 ? null : Math.floor(next() * 12_000);
    return {
      id: at + 1,
      name: at < NAMES.length ? NAMES[at] : `${NAMES[Math.floor(next() * NAMES.length)]} ${at}`,
      state: at < STATES.length ? STATES[at] : pick(STATES),
      event: pick(EVENTS),
      sent,
      delivered: sent && Math.round(sent * (0.8 + next() * 0.2)),
      cost: sent && sent * 7,
      days: Array.from({ length: 28 }, () => Math.floor(next() * 40)),
    };
  });
}

/** Hours of a week from a Saturday on, in seconds, and what was sent in each. */
export function week(seed = 3) {
  const next = numbersFrom(seed);
  const first = Date.parse("2026-11-21T00:00:00Z") / 1000;
  const times = Array.from({ length: 168 }, (_, at) => first + at * 3600);
  const usual = (hour) => Math.sin((hour / 24) * Math.PI) * 120 + 8;
  const sent = times.map((_, at) => Math.round(usual(at % 24) * (0.85 + next() * 0.3)));
  return {
    times,
    sent,
    delivered: sent.map((value) => Math.round(value * 0.93)),
    failed: sent.map((value, at) => (at > 150 ? Math.round(value * 0.7) : Math.round(value * 0.04))),
    before: sent.map((value) => Math.round(value * (0.75 + next() * 0.2))),
  };
}
