// How large a saved audience was, day by day: a line, and the same numbers as a list.
import { html } from "/static/shared/ui/preact.js";
import { Spark } from "/static/shared/ui/plot/spark.js";
import { useData } from "../data.js";
import { day, number } from "../words.js";
import { Card } from "./card.js";

const SHOWN = 7; // days in the list, the newest first

/** Nothing before the first day was counted. */
export function Growth({ name }) {
  const { data } = useData(`/audiences/growth?${new URLSearchParams({ name })}`);
  if (!data?.days.length) return null;
  const newest = [...data.days].reverse().slice(0, SHOWN);
  return html`<${Card} title="Growth">
    <${Spark} name="People by day" values=${data.days.map((one) => one.count)} width=${280} hasLast=${false} />
    <dl class="facts">${newest.map((one) => html`<dt key=${one.day}>${day(one.day)}</dt>
      <dd class="num">${number(one.count)}</dd>`)}</dl><//>`;
}
