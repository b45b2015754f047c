// Icons as strokes on a 16 x 16 grid. They never stand alone: a word or an accessible name is always beside them.
import { html } from "./preact.js";

const STROKES = {
  pulse: "M1.5 8h3l2-5 3 10 2-5h3",
  megaphone: "M2 6.5v3l7 3v-9l-7 3ZM9 5.5c2.5 0 4-1 4.5-2v9c-.5-1-2-2-4.5-2M4 10.5l.8 3h1.7l-.6-2.2",
  message: "M2.5 3h11v8h-6L4 13.5V11H2.5z",
  question: "M6 6.2c0-2.7 4.2-2.6 4.2 0 0 1.6-2.1 1.7-2.1 3.4M8.1 12v.1M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Z",
  sliders: "M2 4.5h6m4 0h2M2 11.5h2m4 0h6M10 2.8v3.4M6 9.8v3.4",
  clock: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM8 4.5V8l2.5 1.5",
  arrow: "M2.5 8h10.5M9 4l4 4-4 4",
  up: "M14 2 7 9M14 2 9.5 14 7 9 2 6.5z",
  check: "m3 8.5 3.2 3.2L13 4.8",
  checks: "m1 8.8 3 3 6-6.8M8 11l.8.8L15 5",
  cross: "m4 4 8 8m0-8-8 8",
  ban: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM3.5 3.5l9 9",
  warning: "M8 2 1.5 13.5h13zM8 6.5v3.2M8 11.6v.1",
  info: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM8 7.5v4M8 4.8v.1",
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
  plus: "M8 3v10M3 8h10",
  minus: "M3.5 8h9",
  pause: "M5.5 3v10M10.5 3v10",
  play: "M4.5 3v10l8-5z",
  stop: "M3.5 3.5h9v9h-9z",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3.1 3.1l1.1 1.1"
    + "M11.8 11.8l1.1 1.1M3.1 12.9l1.1-1.1M11.8 4.2l1.1-1.1",
  moon: "M13.5 9.7A6 6 0 0 1 6.3 2.5a6 6 0 1 0 7.2 7.2Z",
  leave: "M6.5 2.5h-4v11h4M6 8h8M11 5l3 3-3 3",
  chevron: "m6 3.5 4.5 4.5L6 12.5",
  down: "M3.5 6 8 10.5 12.5 6",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.7 10.7 14 14",
  person: "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.5 14c.6-3 2.7-4.5 5.5-4.5s4.9 1.5 5.5 4.5",
  star: "m8 1.8 1.9 4 4.4.6-3.2 3 .8 4.3L8 11.6l-3.9 2.1.8-4.3-3.2-3 4.4-.6z",
  archive: "M2 2.5h12v3H2zM3 5.5v8h10v-8M6.5 8.5h3",
  edit: "m10.5 3 2.5 2.5L5.5 13l-3 .5.5-3z",
  bolt: "M9 1.5 3 9h4.5L7 14.5 13 7H8.5z",
  phone: "M4.5 1.5h7v13h-7zM7 12.5h2",
  transfer: "M5 13.5v-11M2.5 5 5 2.5 7.5 5M11 2.5v11M8.5 11l2.5 2.5 2.5-2.5",
  inbox: "M2 9.5 4 3h8l2 6.5v4H2zM2 9.5h3.5l1 1.5h3l1-1.5H14",
  wire: "M1.5 11.5c2.2 0 2.2-7 4.4-7s2.2 7 4.4 7 2.1-7 4.2-7",
  grid: "M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z",
  key: "M10.5 9a3.5 3.5 0 1 0-3.3-2.3L2 11.9V14h2.5v-1.8h1.8v-1.7l1.8-1.6c.7.1 1.5.1 2.4.1ZM11 5v.1",
  people: "M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1.5 13.5c.4-2.6 2.2-4 4.5-4s4.1 1.4 4.5 4"
    + "M10.5 2.9a2.3 2.3 0 0 1 0 4.3M12.3 9.9c1.2.6 2 1.8 2.2 3.6",
  hook: "M11 2v6.5a3.5 3.5 0 0 1-7 0V7.5M4 7.5 2 9.5M4 7.5l2 2M11 2 9.5 3.5M11 2l1.5 1.5",
  route: "M2.5 8h3.5c2 0 2-4.5 4-4.5h3.5M6 8c2 0 2 4.5 4 4.5h3.5M11.8 1.8l1.7 1.7-1.7 1.7M11.8 10.8l1.7 1.7-1.7 1.7",
  coin: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Z"
    + "M10.3 5.4C9.8 4.7 9 4.4 8 4.4c-2.7 0-2.9 3.1 0 3.5 3 .4 2.9 3.7 0 3.7-1.1 0-2-.4-2.5-1.2M8 3v10",
  lift: "M3.5 10 8 5.5l4.5 4.5",
  hash: "M6 2 4.5 14M11.5 2 10 14M2.5 5.5h11M2 10.5h11",
  menu: "M2.5 4h11M2.5 8h11M2.5 12h11",
  trash: "M2.5 4h11M6 4V2.5h4V4M4 4l.7 9.5h6.6L12 4M6.7 6.5v4.5M9.3 6.5v4.5",
  again: "M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 1.5V4.5h-3",
  undo: "M5.5 3 2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8H7",
  redo: "M10.5 3l3 3-3 3M13.5 6h-7a4 4 0 0 0 0 8H9",
  blank: "",
  dots: "M3 8h.1M8 8h.1M13 8h.1",
  expand: "M9.5 2.5h4v4M13.5 2.5 9 7M6.5 13.5h-4v-4M2.5 13.5 7 9",
  columns: "M2.5 2.5h11v11h-11zM6.2 2.5v11M9.8 2.5v11",
  calendar: "M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3",
  wave: "M1.5 11 5 6.5 8 9l3-5 3.5 3",
  flag: "M4 14.5v-12h8l-2 3 2 3H4",
  file: "M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3M8 7v4.5M6 9.7l2 2 2-2",
};

export const Icon = ({ name, size = 16, label }) => html`
  <svg width=${size} height=${size} viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5"
    stroke-linecap="round" stroke-linejoin="round" role=${label ? "img" : undefined} aria-label=${label}
    aria-hidden=${label ? undefined : "true"} focusable="false"><path d=${STROKES[name]} /></svg>`;
