import assert from "node:assert/strict";
import { test } from "node:test";
import {
  dayFor,
  daysOf,
  isDay,
  laid,
  mondayOf,
  monthsLater,
  quietOf,
  rangeOf,
  stepped,
  weeksOf,
} from "/static/app/calendar-days.js";

test("only a day that there is, is a day", () => {
  assert.deepEqual(["2026-02-28", "2026-02-29", "2026-2-1", "x", undefined].map(isDay), [
    true,
    false,
    false,
    false,
    false,
  ]);
});

test("a month is shown by whole weeks, a list by its days, a week from Monday on", () => {
  assert.deepEqual(rangeOf("month", "2026-11-15"), { first: "2026-10-26", last: "2026-12-06" });
  assert.deepEqual(rangeOf("month", "2027-02-10"), { first: "2027-02-01", last: "2027-02-28" });
  assert.deepEqual(rangeOf("list", "2028-02-29"), { first: "2028-02-01", last: "2028-02-29" });
  assert.deepEqual(rangeOf("week", "2026-11-29"), { first: "2026-11-23", last: "2026-11-29" });
  for (let month = 0; month < 240; month += 1) {
    const { first, last } = rangeOf("month", monthsLater("2026-01-31", month));
    const days = (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1;
    assert.ok(days % 7 === 0 && days >= 28 && days <= 42, `${first} to ${last}`);
  }
});

test("a month later is the same day, or the last one of a shorter month", () => {
  assert.equal(monthsLater("2026-01-31", 1), "2026-02-28");
  assert.equal(monthsLater("2026-01-15", -1), "2025-12-15");
  assert.equal(stepped("week", "2026-12-30", 1), "2027-01-06");
  assert.equal(stepped("month", "2026-12-30", 1), "2027-01-30");
});

test("keys walk by days, weeks and months", () => {
  const keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown", "x"];

  assert.deepEqual(
    keys.map((key) => dayFor(key, "2026-12-31")),
    [
      "2026-12-30",
      "2027-01-01",
      "2026-12-24",
      "2027-01-07",
      "2026-12-28",
      "2027-01-03",
      "2026-11-30",
      "2027-01-31",
      null,
    ],
  );
  assert.equal(mondayOf("2026-12-28"), "2026-12-28");
});

test("each run stands on its day, and weeks have seven of them", () => {
  const dayAt = (at) => new Date(Date.UTC(2026, 10, 23 + at)).toISOString().slice(0, 10);
  const days = Array.from({ length: 14 }, (_, at) => ({ day: dayAt(at), due: 0 }));
  const items = [{ day: "2026-11-24" }, { day: "2026-11-24" }, { day: "2027-01-01" }];
  const calendar = daysOf({ days, items });

  assert.deepEqual(
    weeksOf(calendar).map((week) => week.map((one) => one.items.length)),
    [
      [0, 2, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0],
    ],
  );
});

test("quiet hours over midnight stand on both days, those of some days on theirs", () => {
  const night = { from: "22:00", to: "08:00" };
  const weekend = { from: "20:00", to: "10:00", days: ["saturday"] };

  assert.deepEqual(quietOf("2026-11-25", [night]), [
    [0, 480],
    [1320, 1440],
  ]);
  assert.deepEqual(quietOf("2026-11-28", [weekend]), [[1200, 1440]]); // a Saturday
  assert.deepEqual(quietOf("2026-11-29", [weekend]), [[0, 600]]);
  assert.deepEqual(quietOf("2026-11-30", [weekend]), []);
  assert.deepEqual(quietOf("2026-11-25", [{ from: "12:00", to: "13:00" }]), [[720, 780]]);
  assert.deepEqual(quietOf("2026-11-25", [{ from: "22:00", to: "00:00" }]), [[1320, 1440]]);
});

test("runs that would cover each other stand beside each other, and more of them are counted", () => {
  const at = (time) => ({ time });
  const found = laid([at("09:00"), at("09:10"), at("12:00"), at("18:00"), at("18:00"), at("18:00"), at("18:00")]);

  assert.deepEqual(
    found.map(({ item, lane, lanes, more }) => [item.time, lane, lanes, more]),
    [
      ["09:00", 0, 2, 0],
      ["09:10", 1, 2, 0],
      ["12:00", 0, 1, 0],
      ["18:00", 0, 3, 0],
      ["18:00", 1, 3, 0],
      ["18:00", 2, 3, 1],
    ],
  );
});
