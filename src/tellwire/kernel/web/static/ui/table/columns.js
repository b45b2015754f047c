// Which columns of a table are shown, and how wide. Pure.

/**
 * One column. `value` is what is sorted and exported; `cell` draws it, else the value stands as it is.
 * `width` in rem; one column without it takes what is left.
 * @typedef {{
 *   key: string, name: string, unit?: string, width?: number, isNumber?: boolean, value: (row: any) => unknown,
 *   cell?: (row: any) => unknown, isHidden?: boolean, isFixed?: boolean, isWide?: boolean, isUnsortable?: boolean,
 *   isNameUnseen?: boolean,
 * }} Column `isHidden`: until chosen; `isFixed`: always shown; `isWide`: not on narrow screens
 */

const LEAST_REM = 9; // of the column that takes what is left
export const NARROW_REM = 40; // a table below that is narrow

/** The columns shown: `chosen` names what somebody chose (null: nobody has), narrow tables leave out the wide ones. */
export function shownColumns(columns, chosen, isNarrow) {
  const isChosen = (column) => column.isFixed || (chosen ? chosen.includes(column.key) : !column.isHidden);
  return columns.filter((column) => isChosen(column) && !(isNarrow && column.isWide));
}

/** What is chosen once the column with this key is ticked, or no longer; in the order of the columns. */
export function chosenAfter(columns, chosen, key) {
  const now = shownColumns(columns, chosen, false).map((column) => column.key);
  const then = now.includes(key) ? now.filter((one) => one !== key) : [...now, key];
  return columns.map((column) => column.key).filter((one) => then.includes(one));
}

/** The least width of a table with these columns, in rem: narrower ones scroll sideways. */
export const leastRem = (columns, besideRem) =>
  columns.reduce((sum, column) => sum + (column.width ?? LEAST_REM), besideRem);

/** What was chosen as it is kept, read back: only columns that there are, null where nothing is kept. */
export function chosenOf(text, columns) {
  if (!text) return null;
  const keys = text.split(",");
  return columns.map((column) => column.key).filter((key) => keys.includes(key));
}
