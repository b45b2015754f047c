// Moments on a page: all written by one clock, each with its zone in a tooltip.
import { html } from "./preact.js";
import { moment, zoned } from "./words.js";

/** One moment; `as` writes it (`moment`, `when`, `timeOfDay`). */
export const Time = ({ at, as = moment, class: kind }) => html`
  <time class=${kind} datetime=${at} title=${zoned(at)}>${as(at)}</time>`;

// In a text of the server's; with "UTC" as traces stored them before.
const INSTANT = /(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| UTC))/;

/** A text of the server's in which moments stand as instants: those are written like all others. */
export const Prose = ({ text }) => html`${String(text ?? "").split(INSTANT).map((piece, at) => (at % 2
  ? html`<${Time} key=${at} at=${piece.replace(" UTC", "Z").replace(" ", "T")} />` : piece))}`;
