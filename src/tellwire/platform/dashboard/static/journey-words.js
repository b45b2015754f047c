// A campaign of several steps in plain words: who enters, what happens, what guards it. Nothing here draws.
import { isShownStep, stepKind } from "./document/steps.js";
import { operatorWords } from "./vocabulary.js";
import { day, moment } from "./words.js";

/** Whether a campaign is one event and one message, which the form can show. */
export const isFlat = (campaign) => campaign.content != null;

/** Whether a campaign does nothing but send one message, whatever starts it. */
export const isOneMessage = (steps) => steps.length === 1 && Boolean(steps[0]?.send);

/** What tells one stay of a person from another: "cart_id" of `Event.cart_id`, empty where nothing does. */
export const keyName = (key) => (key ?? "").replace(/^(Event|Profile)\./, "");

// Conditions and rules

const NOT_OPERATORS = new Set(["property", "profile", "operator", "value"]);

/** `{property: Amount, greater_than: 50}` and `{property, operator, value}` are the same condition. */
function comparisonOf(form) {
  const key = Object.keys(form).find((name) => !NOT_OPERATORS.has(name));
  const isBare = key === "exists" || key === "does_not_exist";
  return key ? [key, isBare ? null : form[key]] : [form.operator ?? "equals", form.value];
}

const quoted = (value) => (typeof value === "string" ? `“${value}”` : String(value));

function conditionWords(form) {
  const [operator, value] = comparisonOf(form);
  const values = [value ?? []].flat().map(quoted).join(operator === "between" ? " and " : " or ");
  return [form.property ?? form.profile, operatorWords(operator), values].filter(Boolean).join(" ");
}

/** All conditions of a list, in one phrase; empty for none. */
const conditionsWords = (forms) => (forms ?? []).map(conditionWords).join(", and ");

const CHANNELS = { sms: "SMS" };

/** A rule as what stands after "if"; `isInside` another rule, where "and" and "or" need their brackets. */
export function ruleWords(rule, isInside = false) {
  if (rule.all || rule.any) {
    const text = (rule.all ?? rule.any).map((one) => ruleWords(one, true)).join(rule.all ? " and " : " or ");
    return isInside && (rule.all ?? rule.any).length > 1 ? `(${text})` : text;
  }
  if (rule.not) return `not: ${ruleWords(rule.not, true)}`;
  if (rule.reachable) return `they can be reached by ${CHANNELS[rule.reachable] ?? rule.reachable}`;
  if (rule.listed) return `they are on the list “${rule.listed}”`;
  if (rule.did) return didWords(rule);
  if (rule.member) return `they belong to “${rule.member}”`;
  return conditionWords(rule);
}

const LEAST = { at_least: "at least", at_most: "at most", exactly: "exactly", greater_than: "more than",
  less_than: "less than" };
const TOTALS = { sum: "the sum", average: "the average", minimum: "the least", maximum: "the most" };

const boundsWords = (of) =>
  Object.keys(LEAST).filter((key) => of[key] != null).map((key) => `${LEAST[key]} ${of[key]}`).join(" and ");

/** What somebody did, how often or how much of it, and when. */
function didWords(rule) {
  const { did, where = [], first, last, first_time: isFirst } = rule;
  const times = boundsWords(rule);
  const total = Object.keys(TOTALS).find((key) => rule[key]);
  return [
    `they did “${did}”`, isFirst && "for the first time",
    times && `${times} ${Math.max(rule.at_least ?? 0, rule.at_most ?? 0, rule.exactly ?? 0) === 1 ? "time" : "times"}`,
    total && `with ${TOTALS[total]} of ${rule[total].property} ${boundsWords(rule[total])}`,
    first && `the first with ${conditionWords(first)}`,
    last && `the last with ${conditionWords(last)}`, whenWords(rule),
    where.length > 0 && `where ${conditionsWords(where)}`,
  ].filter(Boolean).join(" ");
}

function whenWords({ within, since, from, until, between }) {
  if (within) return `within ${within}`;
  const [begins, ends] = between ?? [from ?? since, until];
  return [begins === "entering" ? "since entering" : begins && `from ${begins}`, ends && `until ${ends}`]
    .filter(Boolean).join(" ");
}

/** An event that is waited for: its name, and what it has to be. */
export function signalWords({ event, where = [], same }) {
  return [`“${event}”`, where.length > 0 && `where ${conditionsWords(where)}`, same && `with the same ${same}`]
    .filter(Boolean).join(" ");
}

// Starts

const shiftWords = (shift) => (shift.startsWith("-") ? `${shift.slice(1)} before` : `${shift} after`);

const dateWords = ({ date, shift, at }) =>
  [`the date in ${date}`, shift && `, ${shiftWords(shift)}`, at && ` at ${at}`].filter(Boolean).join("");

const UNITS = { DAILY: "day", WEEKLY: "week", MONTHLY: "month", YEARLY: "year" };
const DAYS = {
  MO: "Monday", TU: "Tuesday", WE: "Wednesday", TH: "Thursday", FR: "Friday", SA: "Saturday", SU: "Sunday",
};
const SAID = new Set(["FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY"]);

/** "every Friday", "every 2 weeks on Monday and Friday"; a rule that says more is shown as it is written. */
function everyWords(rule) {
  const parts = Object.fromEntries(rule.split(";").map((part) => part.split("=")));
  const days = parts.BYDAY?.split(",").map((one) => DAYS[one]) ?? [];
  const isPlain = Object.keys(parts).every((name) => SAID.has(name)) && days.every(Boolean) && UNITS[parts.FREQ];
  if (!isPlain) return `by the rule ${rule}`;
  const several = Number(parts.INTERVAL ?? 1);
  if (parts.FREQ === "WEEKLY" && several === 1 && days.length) return `every ${listed(days)}`;
  const unit = several === 1 ? UNITS[parts.FREQ] : `${several} ${UNITS[parts.FREQ]}s`;
  return [`every ${unit}`, days.length && `on ${listed(days)}`, parts.BYMONTHDAY && `on day ${parts.BYMONTHDAY}`]
    .filter(Boolean).join(" ");
}

const capital = (text) => text.replace(/^./, (letter) => letter.toUpperCase());
const listed = (words) => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);

const OFFSET = /(Z|[+-]\d\d:\d\d)$/;
const isMoment = (text) => !Number.isNaN(Date.parse(text)); // a text half typed is shown as it stands
const momentWords = (text) => (OFFSET.test(text) && isMoment(text) ? moment(text) : text.replace("T", " "));
const boundWords = (text) => (/^\d{4}-\d\d-\d\d$/.test(text) && isMoment(text) ? day(text) : momentWords(text));

const zoneWords = (zone) => (zone === "person" ? ", by each person's clock" : zone ? `, by the clock of ${zone}` : "");

function scheduleWords({ rule, at, zone, from, until }) {
  if (rule) {
    return `Runs ${everyWords(rule)} at ${at}${zoneWords(zone)}`
      + `${from ? `, from ${boundWords(from)}` : ""}${until ? `, until ${boundWords(until)}` : ""}`;
  }
  if (at === "now") return "Runs once, when it is published";
  return `Runs at ${listed([at].flat().map(momentWords))}${zoneWords(zone)}`;
}

const MISSED = { now: ", at once if the date has passed", stop: ", never again once a date was missed" };

/** Whether a start is a schedule, which makes runs. */
export const isScheduled = (start) => !start.date && Boolean(start.rule || start.at);

/** Who enters, and when. */
export function startWords(start) {
  if (start.date) {
    const of = start.event ? `, of “${start.event}”${whereWords(start)}` : "";
    return `Starts on ${dateWords(start)}${of}${start.yearly ? ", every year" : ""}${MISSED[start.missed] ?? ""}`;
  }
  if (isScheduled(start)) return scheduleWords(start);
  if (start.joins) {
    return `Starts when somebody joins “${start.joins}”${start.present ? ", and for all who are members already" : ""}`;
  }
  if (start.call) return `Starts by the call “${start.call}”`;
  return start.event ? `Starts when “${start.event}” happens${whereWords(start)}` : "Starts with no event yet";
}

const whereWords = ({ where }) => (where?.length ? `, where ${conditionsWords(where)}` : "");

/** What stands in a list where an event stands: the event, or what starts it instead. */
export function startInShort(start) {
  if (start.event && !start.date) return start.event;
  return capital(startWords(start).replace(/^Starts (with )?/, ""));
}

// Steps

const FIRST_WORDS = 70; // characters of a text that stand in the outline
const cut = (text) => (text.length > FIRST_WORDS ? `${text.slice(0, FIRST_WORDS).trimEnd()}…` : text);

function untilWords(until) {
  if (typeof until === "string") return until;
  if (until.weekday) return `${capital(until.weekday)}${until.at ? ` at ${until.at}` : ""}`;
  return dateWords(until);
}

function waitStep({ for: span, until, or = [] }) {
  const base = span ? `Wait ${span}` : `Wait until ${untilWords(until)}`;
  const events = or.map((one) => `until ${signalWords(one)}`).join(", or ");
  return {
    text: events ? `${base}, or ${events}` : base,
    branches: or.map((one) => (one.steps
      ? { label: `If “${one.event}” comes${one.steps.length ? "" : ": go on at once"}`, steps: one.steps }
      : { label: `If “${one.event}” comes: they leave`, steps: [] })),
  };
}

const PASSES = { consent: "opt-out", caps: "limits", quiet: "quiet hours" };

function sendStep({ text = "", through, passes = [], necessary }) {
  const passed = necessary ? Object.keys(PASSES) : passes;
  return {
    text: `Send “${cut(text.replace(/\s+/g, " ").trim())}”${through ? ` through ${through}` : ""}`
      + `${passed.length ? `, in spite of ${listed(passed.map((one) => PASSES[one] ?? one))}` : ""}`,
    branches: [],
  };
}

function changeWords([name, change]) {
  if (change === null) return `take away ${name}`;
  if (typeof change !== "object") return `set ${name} to ${quoted(change)}`;
  if (change.increment !== undefined) return `add ${change.increment} to ${name}`;
  return change.add === undefined ? `take “${change.remove}” from ${name}` : `add “${change.add}” to ${name}`;
}

/** What a split may measure: of those written to, for whom it came true; and what brings the winner. */
export const MEASURES = {
  delivered: { done: "got it", noun: "deliveries" }, replies: { done: "replied", noun: "replies" },
  clicks: { done: "clicked", noun: "clicks" }, goal: { done: "reached the goal", noun: "the goal" },
};
const shareWords = (share, winner) => `${share} %${winner ? `: the branch that wins by ${
  MEASURES[winner.by]?.noun ?? winner.by}, after ${winner.after}` : ""}`;

const WORDS = {
  send: sendStep,
  wait: waitStep,
  choose: (branches) => ({
    text: "Choose the first that is true",
    branches: branches.map(({ if: rule, steps }) => ({ label: rule ? `If ${ruleWords(rule)}` : "Otherwise", steps })),
  }),
  split: (shares) => ({
    text: "Split the people by chance",
    branches: shares.map(({ share, steps, winner }) => ({ label: shareWords(share, winner), steps: steps ?? [] })),
  }),
  repeat: ({ times, every, until, steps }) => ({
    text: `Repeat ${times} times, every ${every}${until ? `, until ${signalWords(until)}` : ""}`,
    branches: [{ label: "", steps }],
  }),
  set: (changes) => ({ text: capital(Object.entries(changes).map(changeWords).join(", ")), branches: [] }),
  call: ({ url }) => ({ text: `Call ${url}`, branches: [] }),
  stop: (reason) => ({ text: reason ? `Stop: ${reason}` : "Stop", branches: [] }),
};

/**
 * What a step does: its text, and the steps below it, each list under a label.
 * @returns {{id: string, kind: string, text: string, branches: {label: string, steps: any[]}[]}}
 */
export function stepWords(step) {
  const kind = isShownStep(step) ? stepKind(step) : "";
  const words = kind ? WORDS[kind](step[kind]) : { text: "A step that this page does not know", branches: [] };
  return { id: step?.id, kind, ...words };
}

/** The ids of all steps, those of branches too. */
export const stepIds = (steps) =>
  steps.flatMap((step) => [step.id, ...stepWords(step).branches.flatMap((one) => stepIds(one.steps))]);

/** Whether one of the steps, those of branches too, is a split whose rest waits for the winner. */
export const hasWinner = (steps) => steps.some((step) => (step.split ?? []).some((share) => share.winner)
  || stepWords(step).branches.some((one) => hasWinner(one.steps)));

/** The ids of the steps that send, those of branches too. */
export const sendIds = (steps) => steps.flatMap((step) =>
  [...(step.send ? [step.id] : []), ...stepWords(step).branches.flatMap((one) => sendIds(one.steps))]);

/** How many people stand at each step now, all versions together: `Map(step, people)`. */
export function peopleByStep(rows) {
  const people = new Map();
  for (const { step, people: more } of rows) people.set(step, (people.get(step) ?? 0) + more);
  return people;
}

// Guards

const AGAIN = {
  restart: "A person who enters again begins anew.",
  beside: "A person who enters again is inside twice, each time on its own.",
};
const PRIORITY = { high: "Its messages go before others.", low: "Its messages go after others." };
const per = (text) => text.replace(/^\d+/, (times) => `${times} ${times === "1" ? "message" : "messages"}`);

function limitLines(limits) {
  const { per_person: caps = [], ever, gap, per_run: perRun, per_day: perDay, throttle, cut_off: cutOff } = limits;
  return [
    ...caps.map((one) => `At most ${per(one)} to one person.`),
    ever && `A person enters at most ${ever === 1 ? "once" : `${ever} times`}.`,
    gap && `At least ${gap} between two messages to one person.`,
    perRun && `At most ${perRun} messages in one run.`,
    perDay && `At most ${perDay} messages a day.`,
    throttle && `At most ${per(throttle)} to everybody together.`,
    cutOff && `No more messages of a run after ${cutOff}.`,
  ];
}

function quietLine({ from, to, days = [], zone, then }) {
  const on = days.length ? ` on ${listed(days.map(capital))}` : "";
  const whose = zone === "account" ? "the account's" : "each person's";
  const fate = then === "discard" ? "are dropped" : "wait";
  return `Quiet from ${from} to ${to}${on}, by ${whose} clock: messages ${fate}.`;
}

/** What guards a campaign, a line each; none where it guards nothing. */
export function guardLines(campaign) {
  const { key, again, stop, goal, holdout, limits, quiet, priority, labels } = campaign;
  return [
    key && `A person can be inside once for each ${key}.`,
    AGAIN[again],
    stop && `Leaves when ${signalWords(stop)} happens.`,
    goal && `The goal is ${signalWords(goal)} within ${goal.within}${goal.revenue ? `, worth ${goal.revenue}` : ""}.`,
    holdout > 0 && `${holdout} % of the people get nothing, to compare with.`,
    ...limitLines(limits ?? {}),
    ...(quiet ?? []).map(quietLine),
    PRIORITY[priority],
    labels?.length > 0 && `Labels: ${labels.join(", ")}.`,
  ].filter(Boolean);
}

/** Who enters: the start, who it is for, and the days on which it runs. */
export const entryLines = ({ start, who, starts_at: from, ends_at: until }) => [
  `${startWords(start)}.`,
  who && `Only if ${ruleWords(who)}.`,
  from && `Not before ${momentWords(from)}.`,
  until && `It ends ${momentWords(until)}.`,
].filter(Boolean);

// People inside

const HOLDS = {
  quiet_hours: "quiet hours", gap: "too soon after the last message", per_day: "the day's limit is reached",
  cut_off: "past the hour at which a run ends", paused: "the campaign was paused", version: "the campaign changed",
  throttle: "waits for its place in the run",
};
export const holdWords = (code) => HOLDS[code] ?? code.replaceAll("_", " ");

const LEFT = {
  finished: "Did the last step", stopped: "The event came at which the campaign stops",
  answered: "An event came that ends it", stop_step: "Came to a stop step", restarted: "Entered anew",
  merged: "Became one with another profile", erased: "Was erased", ended: "The campaign ended",
  missed: "A date to wait for was gone",
};
export const leftWords = (code) => LEFT[code] ?? code.replaceAll("_", " ");
