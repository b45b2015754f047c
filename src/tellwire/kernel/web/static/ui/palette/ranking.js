// Which of many names fit what somebody typed, the best first, and where. Pure; for the palette and for comboboxes.

/** Without case and accents. */
const plain = (text) => text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();
const isWordStart = (text, at) => at === 0 || /[\s\-_.:/+(“"]/.test(text[at - 1]);

const WHOLE = 100;
const BEGINNING = 80;
const WORD = 60;
const INSIDE = 40;
const INITIALS = 30;

/**
 * How well one typed word fits a name: its score and the place it was found at; null where it does not.
 * Letters scattered over a name fit nothing: they find too much.
 */
function fitOf(name, word) {
  if (name === word) return { score: WHOLE, at: 0 };
  for (let at = name.indexOf(word); at >= 0; at = name.indexOf(word, at + 1)) {
    if (isWordStart(name, at)) return { score: at === 0 ? BEGINNING : WORD, at };
  }
  const inside = name.indexOf(word);
  if (inside >= 0) return { score: INSIDE, at: inside };
  const initials = name.split(/[\s\-_.:/]+/).map((part) => part[0] ?? "").join("");
  return word.length > 1 && initials.startsWith(word) ? { score: INITIALS, at: -1 } : null;
}

/**
 * How well all typed words fit a name, in any order, or null; `marks` are the [start, end] to be marked.
 * @returns {{score: number, marks: [number, number][]} | null}
 */
export function fit(name, typed) {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  if (!words.length) return { score: 0, marks: [] };
  const text = plain(name);
  const fits = words.map((word) => fitOf(text, word));
  if (fits.includes(null)) return null;
  const isSame = text.length === name.length; // an accent less or more moves what comes after it
  /** @type {any[]} */
  const marks = isSame ? fits.map(({ at }, k) => [at, at + words[k].length]).filter(([at]) => at >= 0) : [];
  const score = fits.reduce((sum, one) => sum + one.score, 0) / fits.length;
  return { score: score - text.length / 100, marks: joined(marks) }; // of two that fit alike, the shorter
}

/** @returns {[number, number][]} */
function joined(marks) {
  /** @type {[number, number][]} */
  const result = [];
  for (const [start, end] of marks.sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

/**
 * The items that fit, the best first; those that fit alike in the order they came. `words` is found too, but not shown.
 * @template {{name: string, words?: string}} Item
 * @param {Item[]} items
 * @returns {(Item & {marks: [number, number][]})[]}
 */
export function ranked(items, typed, limit = Infinity) {
  return items.map((item) => ({ item, fit: fit(item.name, typed) ?? hidden(item, typed) }))
    .filter((one) => one.fit !== null).sort((a, b) => b.fit.score - a.fit.score).slice(0, limit)
    .map(({ item, fit: { marks } }) => ({ ...item, marks }));
}

function hidden(item, typed) {
  const found = item.words ? fit(`${item.name} ${item.words}`, typed) : null;
  return found && { score: found.score / 2, marks: [] };
}

/** A text in pieces, [piece, whether it is marked]. */
export function pieces(text, marks) {
  const result = [];
  let at = 0;
  for (const [start, end] of marks) {
    result.push([text.slice(at, start), false], [text.slice(start, end), true]);
    at = end;
  }
  return [...result, [text.slice(at), false]].filter(([piece]) => piece);
}
