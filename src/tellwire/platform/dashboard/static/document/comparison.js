// A condition on a property as a row of a form: its operator, and its values as texts. What is not edited stays as it
// is written, numbers as numbers. Nothing here draws.
import { isOperator, valuesOf } from "../vocabulary.js";

const NAMES = new Set(["property", "profile", "operator", "value"]);
const OPPOSITES = { exists: "does_not_exist", does_not_exist: "exists" };
const ORDERS = new Set(["greater_than", "greater_than_equals", "less_than", "less_than_equals", "between"]);
const isScalar = (value) => ["string", "number", "boolean"].includes(typeof value);

/** The key under which a condition says what it compares with; "" where it has none, or several. */
function keyOf(form) {
  const keys = Object.keys(form).filter((name) => !NAMES.has(name));
  return keys.length === 1 && !("operator" in form) ? keys[0] : "";
}

/** `{operator, values}` of a condition, which may write its operator as a key or as `operator` and `value`. */
export function comparisonOf(form) {
  const key = keyOf(form);
  if (!key) return { operator: form.operator ?? "equals", values: [form.value ?? []].flat() };
  if (key in OPPOSITES) return { operator: form[key] === false ? OPPOSITES[key] : key, values: [] };
  return { operator: key, values: [form[key] ?? []].flat() };
}

/** Whether the rows of a form can show a condition whole. */
export function isPlainCondition(form) {
  if (form === null || typeof form !== "object" || Array.isArray(form)) return false;
  const others = Object.keys(form).filter((name) => !NAMES.has(name));
  const { operator, values } = comparisonOf(form);
  return others.length <= 1 && !(others.length && ("operator" in form || "value" in form))
    && !("property" in form && "profile" in form) && isOperator(operator) && values.every(isScalar)
    && ["property", "profile"].every((name) => !(name in form) || typeof form[name] === "string");
}

const nameOf = (form) => ("profile" in form ? { profile: form.profile } : { property: form.property ?? "" });

/** The condition with this comparison, its name as it was. */
const written = (form, operator, value) => ({ ...nameOf(form), [operator]: value });

/** Values as an operator takes them: true, two of them, one, or several of which any will do. */
function valueFor(operator, values) {
  const most = valuesOf(operator);
  if (most === 0) return true;
  if (most === 2) return [values[0] ?? "", values[1] ?? ""];
  return most > 1 && values.length > 1 ? values : values[0] ?? "";
}

export const withOperator = (form, operator) =>
  written(form, operator, valueFor(operator,
    comparisonOf(form).values.map((one) => typedValue(String(one), one, operator))));

/** The condition with other values, as texts were typed: `at` is which. */
export function withValue(form, at, text) {
  const { operator, values } = comparisonOf(form);
  const shown = shownValues(form);
  return written(form, operator, valueFor(operator,
    shown.map((old, k) => (k === at ? typedValue(text, values[k], operator) : values[k] ?? old))));
}

/** The condition with one more value, any of which will do. */
export const withOneMore = (form) => {
  const { operator, values } = comparisonOf(form);
  return written(form, operator, [...(values.length ? values : [""]), ""]);
};

/** The texts of a condition's values: two for a range, at least one else, none where none is compared. */
export function shownValues(form) {
  const { operator, values } = comparisonOf(form);
  const most = valuesOf(operator);
  if (most === 0) return [];
  const texts = values.map(String);
  return most === 2 ? [texts[0] ?? "", texts[1] ?? ""] : texts.length ? texts.slice(0, most) : [""];
}

/** A typed text as it is compared: a number where sizes are, or where a number stood; else the text. */
function typedValue(text, before, operator) {
  const isNumber = text.trim() !== "" && String(Number(text)) === text.trim();
  return isNumber && (ORDERS.has(operator) || typeof before === "number") ? Number(text) : text;
}

/** A condition without the alternatives that were left empty. */
export function tidyCondition(form) {
  const { operator, values } = comparisonOf(form);
  if (!isPlainCondition(form) || values.length < 2 || operator === "between") return form;
  const said = values.filter((one) => one !== "");
  if (said.length === values.length) return form;
  return written(form, operator, said.length > 1 ? said : said[0] ?? "");
}
