// The words that campaigns are written with, as the server declares them: operators, and fields with their defaults
// and bounds. Nothing here asks for them: who opens a page of campaigns does (`parts/vocabulary-store.js`).
/** @type {any} */
let words = { operations: [], campaign: [] };
let fields = new Map();
let operations = new Map();

/** Takes what `GET /api/vocabulary` answered. */
export function learnFrom(answer) {
  words = answer;
  fields = new Map(words.campaign.map((one) => [one.path, one]));
  operations = new Map(words.operations.map((one) => [one.operator, one]));
}
export const isLearned = () => fields.size > 0;

/** The operators as a menu shows them: `[operator, words]`. */
export const operatorChoices = () => words.operations.map(({ operator, words: text }) => [operator, text]);
export const isOperator = (operator) => operations.has(operator);
export const operatorWords = (operator) => operations.get(operator)?.words ?? operator;

const VALUES = { none: 0, one: 1, two: 2, any: Infinity }; // of `any` alternatives each will do

/** How many values an operator takes. */
export const valuesOf = (operator) => VALUES[operations.get(operator)?.takes] ?? 1;

export const campaignFields = () => words.campaign;
export const fieldAt = (path) => fields.get(path) ?? { path };

/** The bounds of a field as attributes of its control. */
export function boundsOf(path) {
  const { least, most, longest } = fieldAt(path);
  return { min: least, max: most, maxlength: longest };
}

/** A campaign of nothing but defaults. */
export function blankCampaign() {
  const blank = {};
  for (const { path, default: value = null } of words.campaign) put(blank, path, structuredClone(value));
  return blank;
}

/** `tree` with another value at a path. */
export function changedAt(tree, path, value) {
  const [name, ...rest] = path.split(".");
  return { ...tree, [name]: rest.length ? changedAt(tree[name], rest.join("."), value) : value };
}
export const valueAt = (tree, path) => path.split(".").reduce((at, name) => at?.[name], tree);

function put(tree, path, value) {
  const names = path.split(".");
  const last = names.pop();
  let at = tree;
  for (const name of names) at = at[name] ??= {};
  at[last] = value;
}
