// What came to a list of many pages since it was loaded waits behind a button; what stands in it is kept as it is now.
import { html, useRef } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { useData } from "../data.js";
import { number } from "../words.js";

/**
 * `list` is that of `usePaged`; `path` answers its first page, `rowsIn(answer)` are its rows, newest first.
 * @param {{list: {rows: any[], isLoaded: boolean}, path: string, topics: readonly Topic[],
 *   rowsIn: (answer: any) => any[]}} of
 */
export function useNews({ list, path, topics, rowsIn }) {
  const { data, isLoading } = useData(list.isLoaded ? path : null, topics);
  const settled = useRef({ path: "", data: undefined }); // what was merely known from before may be older than the list
  if (data && !isLoading) settled.current = { path, data };
  const newest = settled.current.path === path ? rowsIn(settled.current.data) : [];
  const now = new Map(newest.map((row) => [row.id, row]));
  const known = new Set(list.rows.map(({ id }) => id));
  const waiting = newest.filter(({ id }) => !known.has(id)).length;
  return { rows: list.rows.map((row) => now.get(row.id) ?? row), waiting, isAll: waiting === newest.length };
}

/** Lets in what waits; where nothing does, asks again. */
export const Newer = ({ news: { waiting, isAll }, onPress }) => (waiting
  ? html`<button type="button" class="button primary" onClick=${onPress}><${Icon} name="up" size=${14} />
    ${number(waiting)}${isAll ? " or more" : ""} new</button>`
  : html`<button type="button" class="button" onClick=${onPress}><${Icon} name="again" size=${14} />Refresh</button>`);
