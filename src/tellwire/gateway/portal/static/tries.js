// Tries of the delivery log as people read them: one line for each thing that was told, however often it was posted.

/** Rows, newest first, by message, what was told and where: the newest try of each, with `tries` and when the first was. */
export function byMessage(rows) {
  const groups = new Map();
  for (const row of rows) {
    const key = [row.umid, row.event, row.url].join(" ");
    const known = groups.get(key);
    if (known) Object.assign(known, { tries: known.tries + 1, first_at: row.at });
    else groups.set(key, { ...row, tries: 1, first_at: row.at });
  }
  return [...groups.values()];
}
