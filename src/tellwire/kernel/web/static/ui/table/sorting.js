// The order of a table's rows. Pure: a stable merge sort that rests between its steps, for tables of any length.
const BURST = 2000; // comparisons between two rests: well under a millisecond

/** A table's sort after a click on the head of `key`: ascending, then descending, then as the rows came. */
export function nextSort(sort, key) {
  if (sort?.key !== key) return { key, isDescending: false };
  return sort.isDescending ? null : { key, isDescending: true };
}

/** What `aria-sort` of the column with this key says. */
export function ariaSort(sort, key) {
  if (sort?.key !== key) return "none";
  return sort.isDescending ? "descending" : "ascending";
}

/** A sort as the address writes it ("-sent"), and back; an unknown column is no sort. */
export const sortText = (sort) => (sort ? `${sort.isDescending ? "-" : ""}${sort.key}` : "");
export function sortOf(text, columns) {
  const isDescending = Boolean(text?.startsWith("-"));
  const key = isDescending ? text.slice(1) : text;
  return columns.some((column) => column.key === key) ? { key, isDescending } : null;
}

/** What is compared: numbers as they are, texts without case and accents; to ask a locale each time is too slow. */
export function comparable(value) {
  if (value == null || value === "" || Number.isNaN(value)) return null;
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  return String(value).normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();
}

/** Numbers before texts; what is not known is last, whichever way the table is sorted. */
function compare(left, right, sign) {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  if (typeof left !== typeof right) return typeof left === "number" ? -sign : sign;
  if (left === right) return 0;
  return left < right ? -sign : sign;
}

/**
 * The rows in the order of `sort`, rows that are alike in the order they came.
 * @template Row
 * @param {Row[]} rows
 * @param {{isDescending: boolean} | null} sort
 * @param {(row: Row) => unknown} read the value of the sorted column
 * @returns {Generator<undefined, Row[]>}
 */
export function* sorting(rows, sort, read) {
  if (!sort) return rows;
  const keys = new Array(rows.length);
  for (let at = 0; at < rows.length; at += 1) {
    keys[at] = comparable(read(rows[at]));
    if (at % BURST === BURST - 1) yield;
  }
  const order = yield* merged(keys, sort.isDescending ? -1 : 1);
  return Array.from(order, (at) => rows[at]);
}

/** The places of the sorted keys, merged from the bottom up. */
function* merged(keys, sign) {
  const { length } = keys;
  let from = Uint32Array.from(keys, (_, at) => at);
  let to = new Uint32Array(length);
  for (let width = 1; width < length; width *= 2) {
    let work = 0;
    for (let start = 0; start < length; start += 2 * width) {
      const end = Math.min(start + 2 * width, length);
      const middle = Math.min(start + width, length);
      mergeRun(keys, sign, from, to, { start, middle, end });
      work += end - start;
      if (work >= BURST) {
        work = 0;
        yield;
      }
    }
    [from, to] = [to, from];
  }
  return from;
}

function mergeRun(keys, sign, from, to, { start, middle, end }) {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at += 1) {
    const takesLeft = left < middle && (right >= end || compare(keys[from[left]], keys[from[right]], sign) <= 0);
    to[at] = takesLeft ? from[left++] : from[right++];
  }
}
