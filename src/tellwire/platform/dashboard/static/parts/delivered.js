// How many were delivered: of the messages that have an end, as the server counts them; in words where nothing can be
// counted.
import { number, share } from "../words.js";

/** The share in a list; a provider that sends no receipts has none, and that is no zero. */
export function deliveredShare(delivery) {
  if (!delivery?.has_receipts) return delivery ? "no receipts" : "–";
  return delivery.share === null ? "–" : share(delivery.delivered, delivery.ended);
}

/** The same with what it is of. */
export const deliveredOf = (delivery) => (delivery?.share == null ? deliveredShare(delivery)
  : `${deliveredShare(delivery)} of ${number(delivery.ended)} with an end`);
