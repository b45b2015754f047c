// A form as a value: what it holds, what is wrong with it, whether it is saved. Pure: each event makes another one.
//
//   filled -> put (any number) -> refused (all errors at once) -> put (an error goes with its field's change) -> saved

/**
 * `wrong` is null until something was: then the errors by path, what the values were, and the sentence above them.
 * @typedef {{first: any, values: any, wrong: Wrong | null}} Form
 * @typedef {{message: string, fields: Record<string, string>, values: any}} Wrong
 */

/** A form as it stands at first. @returns {Form} */
export const filled = (values) => ({ first: values, values, wrong: null });

/** The form with the value at a path ("headers.0.name") changed. */
export const put = (form, path, value) => ({ ...form, values: putAt(form.values, path.split("."), value) });

function putAt(place, steps, value) {
  const [step, ...rest] = steps;
  const next = rest.length ? putAt(place?.[step] ?? {}, rest, value) : value;
  if (Array.isArray(place)) return place.map((one, at) => (at === Number(step) ? next : one));
  return { ...place, [step]: next };
}

/** What stands at a path of a form's values; undefined where nothing does. */
export const valueAt = (values, path) => path.split(".").reduce((place, step) => place?.[step], values);

/** The form after it was refused, by its own rules or by the server: an ApiError or the like. */
export const refused = (form, { message, fields = {} }) =>
  ({ ...form, wrong: { message, fields, values: form.values } });

/** The form once it is saved: what it holds is what is stored. */
export const saved = (form, values = form.values) => filled(values);

/** The form with what the server has now; what was typed and not saved stays. */
export const refreshed = (form, values) => (isDirty(form) ? { ...form, first: values } : filled(values));

/** Whether something is typed that is not saved. */
export const isDirty = ({ first, values }) => JSON.stringify(first) !== JSON.stringify(values);

/** The errors by path that still hold. */
export const errorsOf = ({ wrong, values }) => (wrong ? holding(wrong.fields, wrong.values, values) : {});

/** The sentence about the whole form; it goes with the last of its fields. */
export function messageOf(form) {
  if (!form.wrong) return "";
  const isOver = Object.keys(form.wrong.fields).length > 0 && !Object.keys(errorsOf(form)).length;
  return isOver ? "" : form.wrong.message;
}

/**
 * All errors at once by rules, `[path, (value, values) => sentence or ""]`: the first for each path counts.
 * @param {[string, (value: any, values: any) => string][]} rules
 */
export function broken(values, rules) {
  /** @type {Record<string, string>} */
  const errors = {};
  for (const [path, rule] of rules) {
    const why = errors[path] ? "" : rule(valueAt(values, path), values);
    if (why) errors[path] = why;
  }
  return errors;
}

/** What stands at `path` of a payload, or at the nearest place above it ("headers.0.name" is in a pair). */
function standsAt(payload, path) {
  let place = payload;
  for (const step of path.split(".")) {
    if (place === null || typeof place !== "object" || !(step in place)) break;
    place = place[step];
  }
  return JSON.stringify(place);
}

/** The errors by path that still hold: a field that is another than it was when it was wrong is not known to be. */
export const holding = (fields, then, now) => Object.fromEntries(
  Object.entries(fields).filter(([path]) => standsAt(then, path) === standsAt(now, path)),
);
