import { html } from "/static/shared/ui/preact.js";
import { Spark } from "/static/shared/ui/plot/spark.js";
import { campaigns } from "../data.js";
import { State } from "../state.js";

const [{ days }] = campaigns(1);

export default () => html`<${State} name="Rising, failing, with gaps, flat, one, none"><div class="g-line">
  <${Spark} name="Sent" values=${days} /><${Spark} name="Failed" values=${days} tone="bad" />
  <${Spark} name="Gaps" values=${days.map((value, at) => (at % 7 > 4 ? null : value))} tone="good" />
  <${Spark} name="Flat" values=${[0, 0, 0, 0]} tone="accent" /><${Spark} name="One" values=${[4]} />
  <${Spark} name="None" values=${[]} /><${Spark} name="Bare" values=${days} hasLast=${false} /></div><//>`;
