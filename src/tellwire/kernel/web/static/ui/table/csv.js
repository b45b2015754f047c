// A table as CSV (RFC 4180), safe to open in a spreadsheet. Pure.
const FORMULA = /^[=+\-@\t\r＝＋－＠]/; // what spreadsheets begin a formula with (OWASP, "CSV injection"), also full-width
const NUMBER = /^(\+[\d*]+|-?\d+(\.\d+)?)$/; // of a phone, or signed: harmless, and wanted as it is
const BURST = 500; // lines between two rests
const BOM = "\ufeff"; // without it Excel reads UTF-8 as something else

/** One cell: what a spreadsheet would take for a formula is written as a text. */
export function cellText(value) {
  const text = value == null ? "" : value instanceof Date ? value.toISOString() : String(value);
  const inert = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) || inert !== inert.trim() ? `"${inert.replaceAll('"', '""')}"` : inert;
}

export const csvLine = (cells) => `${cells.map(cellText).join(",")}\r\n`;

/**
 * The pieces of the file, a few hundred lines each.
 * @param {import("./columns.js").Column[]} columns
 * @returns {Generator<undefined, string[]>}
 */
export function* csvPieces(columns, rows) {
  const pieces = [BOM + csvLine(columns.map(({ name, unit }) => (unit ? `${name}, ${unit}` : name)))];
  for (let at = 0; at < rows.length; at += BURST) {
    pieces.push(rows.slice(at, at + BURST).map((row) => csvLine(columns.map(({ value }) => value(row)))).join(""));
    yield;
  }
  return pieces;
}
