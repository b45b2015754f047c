// The last 24 hours of messages, by hour and status, as a plot takes them. Pure.

// Delivered at the bottom, where they are compared; what failed on top, where one of many is seen.
export const KINDS = [["delivered", "Delivered", "good"], ["sent", "Sent", "going"], ["queued", "Queued", "idle"],
  ["failed", "Failed", "bad"]];
const HOURS = 24;
const HOUR_MS = 3_600_000;
const SECOND_MS = 1000;
/** The last 24 hours up to `instant`, oldest first, in seconds, and what each kind counted in them; unknown is none. */
export function filled(hours, instant = Date.now()) {
  const known = new Map(hours.map((hour) => [Date.parse(hour.at), hour]));
  const now = Math.floor(instant / HOUR_MS) * HOUR_MS;
  const starts = Array.from({ length: HOURS }, (_, at) => now - (HOURS - 1 - at) * HOUR_MS);
  return {
    times: starts.map((start) => start / SECOND_MS),
    series: KINDS.map(([kind, name, tone]) => ({
      name, tone, values: starts.map((start) => known.get(start)?.[kind] ?? 0),
    })),
  };
}
