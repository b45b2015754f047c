// The line of a sparkline: zero-based, with gaps where nothing is known. Pure.
const ROOM = 1.5; // within the picture, for the width of the line

/** The `d` of an SVG path through `values` in a picture of that size. */
export function sparkPath(values, width, height) {
  const most = Math.max(1, ...values.map((value) => value ?? 0));
  const stepX = (width - 2 * ROOM) / Math.max(1, values.length - 1);
  let isDrawing = false;
  return values.map((value, at) => {
    if (value == null) {
      isDrawing = false;
      return "";
    }
    const [x, y] = [ROOM + at * stepX, height - ROOM - (value / most) * (height - 2 * ROOM)];
    const piece = `${isDrawing ? "L" : "M"}${round(x)} ${round(y)}`;
    isDrawing = true;
    return values[at + 1] == null && values[at - 1] == null ? `${piece}h0.1` : piece; // a single point is seen too
  }).join("");
}

const round = (number) => Math.round(number * 10) / 10;

/** What a sparkline says to those who do not see it. */
export function sparkWords(values, name, word) {
  const known = values.filter((value) => value != null);
  if (!known.length) return `${name}: nothing is known`;
  return `${name}: from ${word(Math.min(...known))} to ${word(Math.max(...known))}, last ${word(known.at(-1))}`;
}
