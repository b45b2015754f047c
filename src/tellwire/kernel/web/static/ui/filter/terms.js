// What a list is filtered by, as values: from and to the address's query, from typed words, and applied to rows. Pure.
//
//   field.kind   in the query            what a row's value must do
//   choice       state=running,draft     be one of them
//   text         name=cart               contain it, whatever the case
//   number       sent=10..  10..20  ..20 lie between, both ends included

/**
 * @typedef {{key: string, name: string, kind: "choice" | "text" | "number", value?: (row: any) => unknown,
 *   options?: [string, string][], unit?: string}} Field `value` reads it from a row; `options` are [value, word]
 * @typedef {{key: string, values: string[]}} Term `number` has two values, the ends, "" where there is none
 */

const SEPARATOR = ",";
const RANGE = /^(-?\d*\.?\d*)\.\.(-?\d*\.?\d*)$/;
const WORDS = /(?:(\w+):)?(?:"([^"]*)"|(\S+))/g;

const known = (fields, key) => fields.find((field) => field.key === key);

/** The terms that a query holds: what is of no field, or no value of it, is left out. */
export function termsOf(query, fields) {
  return fields.map((field) => termOf(field, query[field.key] ?? "")).filter((term) => term !== null);
}

/** @returns {Term | null} */
function termOf(field, text) {
  if (!text.trim()) return null;
  if (field.kind === "text") return { key: field.key, values: [text] };
  if (field.kind === "choice") {
    const values = text.split(SEPARATOR).filter((value) => field.options.some(([key]) => key === value));
    return values.length ? { key: field.key, values } : null;
  }
  const ends = RANGE.exec(text) ?? (Number.isNaN(Number(text)) ? null : ["", text, text]);
  return ends && (ends[1] || ends[2]) ? { key: field.key, values: [ends[1], ends[2]] } : null;
}

/** A query with these terms: every field is in it, empty where it has no term, so that an old one goes. */
export function queryOf(terms, fields) {
  return Object.fromEntries(fields.map(({ key, kind }) => {
    const term = terms.find((one) => one.key === key);
    return [key, term ? term.values.join(kind === "number" ? ".." : SEPARATOR) : ""];
  }));
}

/** The terms with this one in place of that of its field; one without a value goes. */
export function withTerm(terms, term) {
  const rest = terms.filter(({ key }) => key !== term.key);
  if (!term.values.some((value) => value !== "")) return rest;
  return terms.some(({ key }) => key === term.key)
    ? terms.map((one) => (one.key === term.key ? term : one)) : [...rest, term];
}

/** What a chip says behind the field's name. */
export function termWords(term, field) {
  const unit = field.unit ? ` ${field.unit}` : "";
  if (field.kind === "choice") return term.values.map((value) => wordOf(field, value)).join(", ");
  if (field.kind === "text") return `“${term.values[0]}”`;
  const [least, most] = term.values;
  if (!most) return `at least ${least}${unit}`;
  if (!least) return `at most ${most}${unit}`;
  return least === most ? `${least}${unit}` : `${least} to ${most}${unit}`;
}

const wordOf = (field, value) => field.options.find(([key]) => key === value)?.[1] ?? value;

/** Typed words, `state:running "Cart left"`: the terms of those that name a field, and the rest as one text. */
export function typed(text, fields) {
  const rest = [];
  let terms = [];
  for (const [whole, key, quoted, bare] of text.matchAll(WORDS)) {
    const field = key && known(fields, key);
    const term = field && termOf(field, valueTyped(field, quoted ?? bare));
    if (term) terms = withTerm(terms, term);
    else rest.push(quoted !== undefined && !key ? quoted : whole);
  }
  return { terms, rest: rest.join(" ") };
}

/** A choice may be typed by its word: `state:Running`. */
function valueTyped(field, text) {
  if (field.kind !== "choice") return text;
  return text.split(SEPARATOR).map((part) =>
    field.options.find((pair) => pair.some((one) => one.toLowerCase() === part.toLowerCase()))?.[0] ?? part)
    .join(SEPARATOR);
}

/** Whether a row that is here fits all terms; for lists whose server does not filter. */
export function fits(row, terms, fields) {
  return terms.every((term) => {
    const field = known(fields, term.key);
    return !field || fitsOne(field, term.values, field.value ? field.value(row) : row[field.key]);
  });
}

function fitsOne(field, values, value) {
  if (field.kind === "choice") return values.includes(String(value));
  if (field.kind === "text") return String(value ?? "").toLowerCase().includes(values[0].toLowerCase());
  const [least, most] = values;
  return value != null && (least === "" || value >= Number(least)) && (most === "" || value <= Number(most));
}
