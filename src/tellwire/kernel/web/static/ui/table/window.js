// Which rows of a long table are drawn. Pure arithmetic on pixels: all rows have one height.
const SPARE = 8; // rows drawn beyond each edge, so that a turn of the wheel finds them there
const STEP = 8; // the first drawn row is a multiple: most scrolling changes nothing that is drawn

/**
 * The rows to draw and the room of those that are not.
 * @param {{count: number, rowPx: number, top: number, viewPx: number}} view
 */
export function windowOf({ count, rowPx, top, viewPx }) {
  const seen = Math.floor(Math.max(0, top) / rowPx);
  const most = Math.ceil(viewPx / rowPx) + 2 * SPARE + STEP;
  const last = Math.max(0, count - most);
  const wanted = Math.max(0, seen - SPARE);
  const start = Math.min(last, wanted - (wanted % STEP));
  const end = Math.min(count, start + most);
  return { start, end, beforePx: start * rowPx, afterPx: (count - end) * rowPx };
}

/** Where to scroll so that the row at `at` is whole below the head; `top` where it is so already. */
export function topFor({ at, rowPx, top, viewPx, headPx }) {
  const rowTop = at * rowPx;
  const bodyPx = viewPx - headPx; // the head lies over the first rows once something is scrolled
  if (rowTop < top) return rowTop;
  return rowTop + rowPx > top + bodyPx ? rowTop + rowPx - bodyPx : top;
}

/** The row that a key leads to from `at` (-1: from nowhere); null for a key that leads nowhere. */
export function placeFor(key, at, count, page) {
  const clamp = (place) => Math.max(0, Math.min(count - 1, place));
  if (!count) return null;
  if (key === "ArrowDown" || key === "j") return clamp(at + 1);
  if (key === "ArrowUp" || key === "k") return clamp(at < 0 ? 0 : at - 1);
  if (key === "PageDown") return clamp(Math.max(0, at) + page);
  if (key === "PageUp") return clamp(at - page);
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}
