// A value of JSON with another value at a path, and where two of them differ. Nothing here draws or changes a value.

const stepsOf = (path) => (path === "" ? [] : String(path).split("."));

/** What stands at a path ("steps.0.send.text"); undefined where nothing does. */
export const valueAt = (tree, path) => stepsOf(path).reduce((place, step) => place?.[step], tree);

/** `tree` with `value` at `path`; undefined takes the key, or the item of a list, away. */
export function put(tree, path, value) {
  const [step, ...rest] = stepsOf(path);
  if (step === undefined) return value;
  const next = rest.length ? put(tree?.[step] ?? {}, rest.join("."), value) : value;
  if (Array.isArray(tree)) {
    return next === undefined ? tree.filter((_, at) => at !== Number(step))
      : Number(step) >= tree.length ? [...tree, next] : tree.map((one, at) => (at === Number(step) ? next : one));
  }
  const { [step]: _gone, ...others } = tree ?? {};
  if (next === undefined) return others;
  return { ...tree, [step]: next };
}

/** A list with the item at `from` moved to `to`; as it is where there is no such place. */
export function moved(list, from, to) {
  if (to < 0 || to >= list.length) return list;
  const rest = list.filter((_, at) => at !== from);
  return [...rest.slice(0, to), list[from], ...rest.slice(to)];
}

/** A list with an item put in before the place `at`. */
export const inserted = (list, at, item) => [...list.slice(0, at), item, ...list.slice(at)];

export const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const isBranch = (value) => value !== null && typeof value === "object";

/** The path of the only place where two values differ; of several differences the place that holds all of them. */
export function difference(one, other) {
  if (!isBranch(one) || !isBranch(other) || Array.isArray(one) !== Array.isArray(other)) return "";
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((key) => !isSame(one[key], other[key]));
  if (keys.length !== 1) return "";
  const [key] = keys;
  if (!(key in one) || !(key in other)) return key;
  const below = difference(one[key], other[key]);
  return below ? `${key}.${below}` : key;
}

/** Takes out what says nothing: `undefined`, `null`, and empty texts, lists and objects at the top. */
export const saying = (tree) => Object.fromEntries(Object.entries(tree).filter(([, value]) =>
  value !== null && value !== undefined && value !== "" && !(isBranch(value) && !Object.keys(value).length)));
