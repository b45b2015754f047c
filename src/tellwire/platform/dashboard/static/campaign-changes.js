// What a change makes of a campaign, as it is shown before the server has made it: of a row of the table, or of the
// campaign on its page. What a change refuses stays as it is. Made twice, it is as made once. Nothing here draws.
const RUNNING = ["running", "failing", "scheduled", "ended"]; // standings of what runs
const AT_REST = ["draft", "stopped"];

/** A row says by `is_unpublished` what the page says by its state. */
const restingState = (one) => one.state ?? (one.is_unpublished ? "draft" : "stopped");

/** `state` is only where it was: a row has none. */
const standing = (one, word, state = word) =>
  ({ ...one, standing: word, facts: [], ...("state" in one ? { state } : {}) });

const CHANGES = {
  publish: (one) => standing(one, "running"),
  stop: (one) => standing(one, "stopped"),
  pause: (one) => (RUNNING.includes(one.standing) ? standing(one, "paused") : one),
  resume: (one) => (one.standing === "paused" ? standing(one, "running") : one),
  archive: (one) => (AT_REST.includes(one.standing)
    ? { ...standing(one, "archived", one.state), archived_at: new Date().toISOString() } : one),
  restore: (one) => (one.standing === "archived"
    ? { ...standing(one, restingState(one)), archived_at: null } : one),
  label: (one, { add = [], remove = [] }) => ({
    ...one, labels: [...new Set([...one.labels, ...add])].filter((label) => !remove.includes(label)),
  }),
  delete: (one) => (one.standing === "draft" || one.standing === "archived" ? null : one),
  clone: (one) => one, // the copy has no id yet
};

/** A campaign after `{do: "pause"}` and the like, as the server takes it; null for one that is gone. */
export const changedBy = (change, one) => CHANGES[change.do](one, change);

/** All campaigns of a list after a change of those with these ids. */
export function allChangedBy(change, ids, campaigns) {
  const those = new Set(ids);
  return campaigns.map((one) => (those.has(one.id) ? changedBy(change, one) : one)).filter(Boolean);
}
