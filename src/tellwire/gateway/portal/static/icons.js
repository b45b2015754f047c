// The portal's own strokes on the shared 16 x 16 grid, for what the shared icons have no picture of.
import { html } from "/static/shared/ui/preact.js";
import { Icon as Shared } from "/static/shared/ui/icons.js";

const STROKES = {
  grid: "M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z",
  key: "M10.5 9a3.5 3.5 0 1 0-3.3-2.3L2 11.9V14h2.5v-1.8h1.8v-1.7l1.8-1.6c.7.1 1.5.1 2.4.1ZM11 5v.1",
  people: "M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1.5 13.5c.4-2.6 2.2-4 4.5-4s4.1 1.4 4.5 4M10.5 2.9a2.3 2.3 0 0 1 0 4.3M12.3 9.9c1.2.6 2 1.8 2.2 3.6",
  hook: "M11 2v6.5a3.5 3.5 0 0 1-7 0V7.5M4 7.5 2 9.5M4 7.5l2 2M11 2 9.5 3.5M11 2l1.5 1.5",
  route: "M2.5 8h3.5c2 0 2-4.5 4-4.5h3.5M6 8c2 0 2 4.5 4 4.5h3.5M11.8 1.8l1.7 1.7-1.7 1.7M11.8 10.8l1.7 1.7-1.7 1.7",
  coin: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM10.3 5.4C9.8 4.7 9 4.4 8 4.4c-2.7 0-2.9 3.1 0 3.5 3 .4 2.9 3.7 0 3.7-1.1 0-2-.4-2.5-1.2M8 3v10",
  lift: "M3.5 10 8 5.5l4.5 4.5",
  hash: "M6 2 4.5 14M11.5 2 10 14M2.5 5.5h11M2 10.5h11",
  menu: "M2.5 4h11M2.5 8h11M2.5 12h11",
  trash: "M2.5 4h11M6 4V2.5h4V4M4 4l.7 9.5h6.6L12 4M6.7 6.5v4.5M9.3 6.5v4.5",
  again: "M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 1.5V4.5h-3",
  file: "M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3M8 7v4.5M6 9.7l2 2 2-2",
};

export const Icon = ({ name, size = 16 }) => STROKES[name] ? html`
  <svg width=${size} height=${size} viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d=${STROKES[name]} /></svg>`
  : html`<${Shared} name=${name} size=${size} />`;
