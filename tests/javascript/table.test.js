import assert from "node:assert/strict";
import { test } from "node:test";
import { atOnce, inSlices } from "/static/shared/ui/slices.js";
import { chosenAfter, chosenOf, leastRem, shownColumns } from "/static/shared/ui/table/columns.js";
import { cellText, csvPieces } from "/static/shared/ui/table/csv.js";
import * as selection from "/static/shared/ui/table/selection.js";
import { ariaSort, nextSort, sorting, sortOf, sortText } from "/static/shared/ui/table/sorting.js";
import { placeFor, topFor, windowOf } from "/static/shared/ui/table/window.js";

const sorted = (values, isDescending = false) =>
  atOnce(
    sorting(
      values.map((value) => ({ value })),
      { key: "value", isDescending },
      (row) => row.value,
    ),
  ).map((row) => row.value);

test("numbers are sorted as numbers, texts without case and accents, numbers before texts", () => {
  assert.deepEqual(sorted([10, 9, 100, -1]), [-1, 9, 10, 100]);
  assert.deepEqual(sorted(["b", "Á", "a2", "C"]), ["Á", "a2", "b", "C"]);
  assert.deepEqual(sorted(["a", 2, "1"]), [2, "1", "a"]);
});

test("what is not known is last, whichever way a table is sorted", () => {
  assert.deepEqual(sorted([null, 2, undefined, 1, Number.NaN]).slice(0, 2), [1, 2]);
  assert.deepEqual(sorted([null, 2, undefined, 1, Number.NaN], true).slice(0, 2), [2, 1]);
});

test("rows that are alike keep their order, both ways", () => {
  const rows = Array.from({ length: 50 }, (_, at) => ({ at, group: at % 3 }));
  for (const isDescending of [false, true]) {
    const first = atOnce(sorting(rows, { isDescending }, (row) => row.group)).map((row) => row.at);
    const ofOne = first.filter((at) => at % 3 === 1);
    assert.deepEqual(
      ofOne,
      ofOne.toSorted((a, b) => a - b),
    );
  }
});

test("a merge sort orders as the language's own sort does, at any length", () => {
  let state = 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % 1000;
  };
  for (const length of [0, 1, 2, 3, 7, 64, 65, 5000]) {
    const values = Array.from({ length }, next);
    assert.deepEqual(
      sorted(values),
      values.toSorted((a, b) => a - b),
    );
  }
});

test("a long sort rests: no step of it compares more than a few thousand rows", () => {
  const rows = Array.from({ length: 40_000 }, (_, at) => (at * 7919) % 40_000);
  let rests = 0;
  for (const _ of sorting(rows, { isDescending: false }, (row) => row)) rests += 1;
  assert.ok(rests >= (40_000 * 16) / 20_000 / 2, `${rests} rests`);
});

test("without a sort the rows are as they came", () => {
  const rows = [3, 1, 2];
  assert.equal(atOnce(sorting(rows, null, String)), rows);
});

test("a head that is clicked sorts up, then down, then not at all; another one begins anew", () => {
  const up = nextSort(null, "sent");
  const down = nextSort(up, "sent");
  assert.deepEqual(
    [up, down, nextSort(down, "sent")],
    [{ key: "sent", isDescending: false }, { key: "sent", isDescending: true }, null],
  );
  assert.deepEqual(nextSort(down, "name"), { key: "name", isDescending: false });
  assert.deepEqual(
    [ariaSort(up, "sent"), ariaSort(down, "sent"), ariaSort(down, "name")],
    ["ascending", "descending", "none"],
  );
});

test("a sort survives the address; one of no column is none", () => {
  const columns = [{ key: "sent" }];
  for (const text of ["sent", "-sent"]) assert.equal(sortText(sortOf(text, columns)), text);
  assert.equal(sortOf("-cost", columns), null);
  assert.equal(sortOf(undefined, columns), null);
});

test("work in slices gives way while it lasts, and ends early when it is called off", async () => {
  let clock = 0;
  function* steps() {
    while (clock < 100) {
      clock += 1;
      yield;
    }
    return "done";
  }
  assert.equal(await inSlices(steps(), undefined, () => clock), "done");
  clock = 0;
  const abort = new AbortController();
  const promise = inSlices(steps(), abort.signal, () => clock);
  abort.abort();
  await assert.rejects(promise, { name: "AbortError" });
});

const ORDER = ["a", "b", "c", "d", "e"];
const idsOf = ({ ids }) => [...ids].sort().join("");

test("a click selects a row, another one leaves it", () => {
  const one = selection.toggled(selection.NONE, "b");
  assert.equal(idsOf(one), "b");
  assert.equal(idsOf(selection.toggled(one, "b")), "");
  assert.equal(idsOf(selection.NONE), "", "a selection is a value");
});

test("a click with shift does to the rows between what the first click did, in both directions", () => {
  const from = selection.toggled(selection.NONE, "d");
  assert.equal(idsOf(selection.reached(from, "b", ORDER)), "bcd");
  const all = selection.allToggled(selection.NONE, ORDER);
  const off = selection.toggled(all, "b");
  assert.equal(idsOf(selection.reached(off, "d", ORDER)), "ae");
});

test("a second click with shift goes from the same anchor; without one it is a click", () => {
  const from = selection.toggled(selection.NONE, "c");
  const wide = selection.reached(from, "e", ORDER);
  assert.equal(idsOf(selection.reached(wide, "a", ORDER)), "abcde");
  assert.equal(idsOf(selection.reached(selection.NONE, "c", ORDER)), "c");
  assert.equal(idsOf(selection.reached(selection.toggled(selection.NONE, "gone"), "c", ORDER)), "cgone");
});

test("a move with shift selects the rows that it leaves and reaches", () => {
  assert.equal(idsOf(selection.extended(selection.extended(selection.NONE, "b", "c"), "c", "d")), "bcd");
});

test("the box in the head selects all, or none if all are; part of all is neither", () => {
  const all = selection.allToggled(selection.toggled(selection.NONE, "a"), ORDER);
  assert.equal(idsOf(all), "abcde");
  assert.equal(idsOf(selection.allToggled(all, ORDER)), "");
  assert.deepEqual(
    [selection.NONE, selection.toggled(selection.NONE, "a"), all].map((one) => selection.extent(one, ORDER)),
    ["none", "some", "all"],
  );
  assert.equal(selection.extent(all, []), "none");
});

test("a row that is gone is selected no longer", () => {
  const all = selection.allToggled(selection.NONE, ORDER);
  assert.equal(idsOf(selection.kept(all, ["b", "x"])), "b");
  assert.equal(selection.kept(all, ORDER), all, "the same value: nothing is drawn anew");
});

test("the drawn rows cover what is seen, with spare ones, and the rest is room", () => {
  for (const top of [0, 1, 35, 36, 1000, 3_599_000, 9_999_999]) {
    const view = { count: 100_000, rowPx: 36, top, viewPx: 720 };
    const { start, end, beforePx, afterPx } = windowOf(view);
    const seen = Math.min(Math.floor(top / 36), 100_000 - 20);
    assert.ok(start <= seen && end >= Math.min(100_000, seen + 20), `${top}: ${start} to ${end}`);
    assert.ok(end - start <= 60, "few rows");
    assert.equal(beforePx + afterPx + (end - start) * 36, 3_600_000, "the bar tells the whole length");
  }
});

test("scrolling by a row draws nothing anew most of the time", () => {
  const starts = Array.from(
    { length: 80 },
    (_, at) => windowOf({ count: 5000, rowPx: 36, top: at * 36, viewPx: 700 }).start,
  );
  assert.ok(new Set(starts).size <= 11, `${new Set(starts).size} windows`);
});

test("few rows are drawn whole", () => {
  assert.deepEqual(windowOf({ count: 3, rowPx: 36, top: 0, viewPx: 700 }), {
    start: 0,
    end: 3,
    beforePx: 0,
    afterPx: 0,
  });
  assert.equal(windowOf({ count: 0, rowPx: 36, top: 50, viewPx: 700 }).end, 0);
});

test("a row is scrolled to only where it is not whole below the head", () => {
  const view = { rowPx: 36, top: 360, viewPx: 396, headPx: 36 };
  assert.equal(topFor({ at: 10, ...view }), 360);
  assert.equal(topFor({ at: 19, ...view }), 360);
  assert.equal(topFor({ at: 9, ...view }), 324);
  assert.equal(topFor({ at: 20, ...view }), 396);
});

for (const [key, at, place] of [
  ["j", -1, 0],
  ["ArrowDown", 3, 4],
  ["j", 9, 9],
  ["k", -1, 0],
  ["ArrowUp", 0, 0],
  ["PageDown", 3, 8],
  ["PageUp", 3, 0],
  ["Home", 7, 0],
  ["End", -1, 9],
  ["q", 3, null],
]) {
  test(`${key} leads from row ${at} of ten to ${place}`, () => assert.equal(placeFor(key, at, 10, 5), place));
}
test("no key leads anywhere in an empty table", () => assert.equal(placeFor("End", -1, 0, 5), null));

const COLUMNS = [
  { key: "name", name: "Name", isFixed: true, value: (row) => row.name },
  { key: "sent", name: "Sent", unit: "7 d", width: 7, value: (row) => row.sent },
  { key: "cost", name: "Cost", width: 8, isHidden: true, value: (row) => row.cost },
  { key: "last", name: "Last", width: 8, isWide: true, value: (row) => row.last },
];
const keysOf = (columns) => columns.map(({ key }) => key).join(" ");

test("columns are those shown at first, or those chosen; narrow tables leave out the wide ones", () => {
  assert.equal(keysOf(shownColumns(COLUMNS, null, false)), "name sent last");
  assert.equal(keysOf(shownColumns(COLUMNS, null, true)), "name sent");
  assert.equal(keysOf(shownColumns(COLUMNS, ["cost"], false)), "name cost");
});

test("a ticked column comes to its place, and goes again; the fixed one stays", () => {
  const chosen = chosenAfter(COLUMNS, null, "cost");
  assert.deepEqual(chosen, ["name", "sent", "cost", "last"]);
  assert.deepEqual(chosenAfter(COLUMNS, chosen, "sent"), ["name", "cost", "last"]);
  assert.equal(leastRem(shownColumns(COLUMNS, null, true), 2), 9 + 7 + 2);
});

test("kept columns that no longer exist are left out", () => {
  assert.deepEqual(chosenOf("cost,gone", COLUMNS), ["cost"]);
  assert.equal(chosenOf(null, COLUMNS), null);
});

for (const [value, text] of [
  [null, ""],
  [undefined, ""],
  [12, "12"],
  [-3.5, "-3.5"],
  ["plain", "plain"],
  ["a,b", '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ["two\nlines", '"two\nlines"'],
  ["=1+1", "'=1+1"],
  ["+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"],
  ["-2+3", "'-2+3"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\tx", "'\tx"],
  ["\r=1", '"\'\r=1"'],
  ["＝1", "'＝1"],
  ['=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'],
  ["+6591230000", "+6591230000"],
  ["+65******00", "+65******00"],
  ["-5", "-5"],
  [" padded ", '" padded "'],
  [new Date(0), "1970-01-01T00:00:00.000Z"],
]) {
  test(`a cell of ${JSON.stringify(value)} is written ${JSON.stringify(text)}`, () =>
    assert.equal(cellText(value), text));
}

test("a file begins with the heads, has every row once, and ends its lines as RFC 4180 says", () => {
  const rows = Array.from({ length: 1201 }, (_, at) => ({ name: `n${at}`, sent: at }));
  const text = atOnce(csvPieces(COLUMNS.slice(0, 2), rows)).join("");
  const lines = text.split("\r\n");
  assert.equal(lines[0], '\ufeffName,"Sent, 7 d"');
  assert.equal(lines.length, 1203);
  assert.equal(lines[1201], "n1200,1200");
});
