// Turns the API's rows into what pages draw.

/** An event; its properties are always an object. */
export const eventOf = (event) => ({ ...event, properties: event.properties ?? {} });

/** A message or a step of its life, with its standing spread out: `status` and `detail`. */
export const messageOf = (row) => ({ ...row, status: row.standing.status, detail: row.standing.detail });

const sum = (table) => Object.values(table ?? {}).reduce((all, one) => all + one, 0);

/** A campaign's numbers, added up the way people ask for them. */
export function funnelOf(funnel) {
  const by = funnel?.by_status ?? {};
  const of = (...names) => names.reduce((all, name) => all + (by[name] ?? 0), 0);
  const messages = sum(by);
  const skipped = sum(funnel?.skips);
  return {
    messages, skipped, decisions: messages + skipped,
    queued: of("queued"), sent: funnel?.sent_or_further ?? 0,
    delivered: of("delivered", "read"), failed: of("undelivered", "rejected", "expired"),
    skips: funnel?.skips ?? {}, errors: funnel?.errors ?? {}, parts: funnel?.parts ?? 0,
  };
}
