// A name with the letters marked that somebody looked for.
import { html } from "./preact.js";
import { pieces } from "./palette/ranking.js";

export const Marked = ({ text, marks = [] }) => pieces(text, marks).map(([piece, isMarked], at) => (isMarked
  ? html`<mark class="k-mark" key=${at}>${piece}</mark>` : piece));
