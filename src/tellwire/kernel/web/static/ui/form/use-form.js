// A form that is typed into: its values, its errors until their fields change, and what happens on Save.
import { useLayoutEffect, useRef, useState } from "../preact.js";
import { broken, errorsOf, filled, isDirty, messageOf, put, refreshed, refused, saved, valueAt } from "./model.js";

const BROKEN = "Some fields are not right yet.";

/** Leads to the first field that is wrong, else to what is said of a group of fields, else to what is said of all. */
function focusOnWrong(form) {
  const place = form?.querySelector("[aria-invalid=true]") ?? form?.querySelector(".wrong, [role=alert]");
  if (place?.matches(".wrong, [role=alert]")) place.tabIndex = -1;
  place?.focus();
}

/**
 * `first` are the values at first; `rules` are those of model.js, or a function of the values that answers them; they
 * are checked before `save(values)` is called, which throws an ApiError whose fields are shown beside theirs. `box` is
 * the ref of the <form>.
 * @param {{first: any, rules?: any[] | ((values: any) => any[]), save: (values: any) => Promise<unknown>}} how
 */
export function useForm({ first, rules = [], save }) {
  const [form, setForm] = useState(() => filled(first));
  const [isBusy, setBusy] = useState(false);
  const box = useRef(null);
  const isGone = useRef(false);
  useLayoutEffect(() => () => { isGone.current = true; }, []);
  useLayoutEffect(() => { if (form.wrong) focusOnWrong(box.current); }, [form.wrong]);
  const submit = async (event) => {
    event?.preventDefault();
    if (isBusy) return;
    const fields = broken(form.values, typeof rules === "function" ? rules(form.values) : rules);
    if (Object.keys(fields).length) return setForm((old) => refused(old, { message: BROKEN, fields }));
    setBusy(true);
    setForm((old) => ({ ...old, wrong: null }));
    try {
      await save(form.values);
      if (!isGone.current) setForm((old) => saved(old, form.values));
    } catch (error) {
      if (!isGone.current) setForm((old) => refused(old, error));
    }
    if (!isGone.current) setBusy(false);
  };
  const errors = errorsOf(form);
  const set = (path, value) => setForm((old) => put(old, path, value));
  return {
    values: form.values, errors, message: messageOf(form), isDirty: isDirty(form), isBusy, box, submit, set,
    change: (values) => setForm((old) => ({ ...old, values: { ...old.values, ...values } })),
    refresh: (values) => setForm((old) => refreshed(old, values)),
    reset: () => setForm((old) => filled(old.first)),
    /** What a control of fields.js needs for the value at a path. */
    field: (path) => ({ value: valueAt(form.values, path), error: errors[path], onValue: (value) => set(path, value) }),
  };
}
