// Which rows of a table are selected. Pure: a selection is a value, and each gesture makes another one.

/** @typedef {{ids: ReadonlySet<unknown>, anchor: unknown}} Selection `anchor`: where a range begins */

/** @type {Selection} */
export const NONE = { ids: new Set(), anchor: null };

/** The selection after a click on one row's box, which is where the next range begins. */
export function toggled(selection, id) {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id };
}

/**
 * The selection after a click with Shift: the rows between the anchor and this one become what the anchor is.
 * Without an anchor among the rows it is a click.
 * @param {Selection} selection
 * @param {unknown[]} order the ids of all rows, as the table shows them
 */
export function reached(selection, id, order) {
  const [from, to] = [order.indexOf(selection.anchor), order.indexOf(id)];
  if (from < 0 || to < 0) return toggled(selection, id);
  const isOn = selection.ids.has(selection.anchor);
  const ids = new Set(selection.ids);
  for (const one of order.slice(Math.min(from, to), Math.max(from, to) + 1)) isOn ? ids.add(one) : ids.delete(one);
  return { ids, anchor: selection.anchor };
}

/** The selection after a move with Shift held: both rows are selected. */
export function extended(selection, fromId, toId) {
  return { ids: new Set([...selection.ids, fromId, toId]), anchor: selection.anchor ?? fromId };
}

/** The selection after a click on the box in the head: all rows, or none if all were selected. */
export function allToggled(selection, order) {
  return extent(selection, order) === "all" ? NONE : { ids: new Set(order), anchor: null };
}

/** Only what is still among the rows: a row that went away is not acted upon. */
export function kept(selection, order) {
  if (!selection.ids.size) return selection;
  const there = new Set(order);
  const ids = new Set([...selection.ids].filter((id) => there.has(id)));
  if (ids.size === selection.ids.size) return selection;
  return { ids, anchor: there.has(selection.anchor) ? selection.anchor : null };
}

/** How many of the rows are selected: "none", "some" or "all". */
export function extent({ ids }, order) {
  if (!ids.size || !order.length) return "none";
  return ids.size >= order.length && order.every((id) => ids.has(id)) ? "all" : "some";
}
