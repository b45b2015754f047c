// Messages of the last 24 hours, as bars on each other.
import { Plot } from "/static/shared/ui/plot/plot.js";
import { html, useMemo } from "/static/shared/ui/preact.js";
import { filled } from "../volume.js";

const SECOND_MS = 1000;
const label = new Intl.DateTimeFormat(navigator.language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const timeWord = (second) => label.format(second * SECOND_MS);

export function VolumePlot({ hours }) {
  const plot = useMemo(() => filled(hours), [hours]);
  return html`<${Plot} title="Messages by hour" kind="bars" height=${160} hasLegend=${false} timeWord=${timeWord}
    ...${plot} />`;
}
