// What can be done with one row of a table, behind three dots: nothing dangerous stands open on every row.
import { MenuButton } from "./menu-button.js";
import { html } from "./preact.js";

/**
 * The column of a table that has the menu of each row; `nameOf` names the row, `itemsOf` says what is in its menu.
 * @param {(row: any) => string} nameOf
 * @param {(row: any) => any[]} itemsOf
 */
export const menuColumn = (nameOf, itemsOf) => ({
  key: "menu", name: "Actions", width: 3.5, isFixed: true, isUnsortable: true, isNameUnseen: true, value: () => "",
  cell: (row) => html`<${MenuButton} label=${`Actions for ${nameOf(row)}`} items=${itemsOf(row)} />`,
});
