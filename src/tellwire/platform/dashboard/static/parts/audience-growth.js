// How large a saved audience was, day by day: a line, and the same numbers as a list.
import { html } from "/static/shared/ui/preact.js";
import { Spark } from "/static/shared/ui/plot/spark.js";
import { useResource } from "/static/shared/ui/resource.js";
import { get } from "../api.js";
import { day, number } from "../words.js";
import { Card } from "./card.js";

const SHOWN = 7; // days in the list, the newest first

/** Nothing before the first day was counted. */
export function Growth({ name }) {
  const { data } = useResource(async (signal) =>
    (await get(`/audiences/growth?${new URLSearchParams({ name })}`, { signal })).days, [name]);
  if (!data?.length) return null;
  const newest = [...data].reverse().slice(0, SHOWN);
  return html`<${Card} title="Growth">
    <${Spark} name="People by day" values=${data.map((one) => one.count)} width=${280} hasLast=${false} />
    <dl class="facts">${newest.map((one) => html`<dt key=${one.day}>${day(one.day)}</dt>
      <dd class="num">${number(one.count)}</dd>`)}</dl><//>`;
}
