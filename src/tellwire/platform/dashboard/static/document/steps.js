// The steps of a campaign as lists within lists, and which of them a form can show whole. Nothing here draws.
import { isPlainCondition } from "./comparison.js";

const KINDS = ["send", "wait", "choose", "split", "repeat", "set", "call", "stop"];

export const stepKind = (step) => KINDS.find((kind) => kind in (step ?? {})) ?? "";

/** A new branch of a choice. */
export const blankBranch = () => ({ if: { all: [{ profile: "", equals: "" }] }, steps: [] });

const lists = (value) => (Array.isArray(value) ? value : []);

/** The lists of steps that stand inside a step: `[path below the step, list]`. */
function branchesOf(step) {
  return [
    ...lists(step.wait?.or).map((one, at) => [`wait.or.${at}.steps`, one?.steps]),
    ...lists(step.choose).map((one, at) => [`choose.${at}.steps`, one?.steps]),
    ...lists(step.split).map((one, at) => [`split.${at}.steps`, one?.steps]),
    ["repeat.steps", step.repeat?.steps],
  ].filter(([, list]) => Array.isArray(list));
}

/** Every step, those of branches too, with its path: `[["steps.0", step], ...]`. */
export const placedSteps = (steps, path = "steps") => lists(steps).flatMap((step, at) => [[`${path}.${at}`, step],
  ...branchesOf(step ?? {}).flatMap(([below, list]) => placedSteps(list, `${path}.${at}.${below}`))]);

export const sendsOf = (steps) => placedSteps(steps).filter(([, step]) => stepKind(step) === "send");

/** Whether a campaign does one thing: it sends one message. */
export const hasOneSend = ({ steps }) => Array.isArray(steps) && steps.length === 1 && stepKind(steps[0]) === "send";

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isText = (value) => typeof value === "string";
const isFlag = (value) => typeof value === "boolean";
const isNumber = (value) => typeof value === "number";
const isTexts = (value) => isObject(value) && Object.values(value).every(isText);
const isScalar = (value) => value === null || isText(value) || isNumber(value) || isFlag(value);
const isSteps = Array.isArray;
const listOf = (test) => (value) => Array.isArray(value) && value.every(test);
const has = (fields, needed = []) => (value) => isObject(value) && needed.every((key) => key in value)
  && Object.entries(value).every(([key, one]) => fields[key]?.(one));

const WHERE = listOf((one) => isPlainCondition(one) && !("profile" in one));
const SIGNAL = { event: isText, where: WHERE, same: isText };
const MOMENT = has({ weekday: isText, at: isText, date: isText, shift: isText });
const FORMS = {
  send: has({
    text: isText, through: (value) => value === null || isText(value), channel: isText, passes: listOf(isText),
    necessary: isFlag, transliterate: isFlag, shorten: isFlag, template_id: isText, template_variables: listOf(isText),
    tokens: isTexts, extra: isTexts, utm: isTexts,
  }),
  wait: (value) => has({
    for: isText, until: (one) => isText(one) || MOMENT(one), or: listOf(has({ ...SIGNAL, steps: isSteps }, ["event"])),
  })(value) && ("for" in value) !== ("until" in value),
  choose: listOf((one) => has({ if: isObject, steps: isSteps }, ["if", "steps"])(one)
    || has({ else: (value) => value === true, steps: isSteps }, ["else", "steps"])(one)),
  split: listOf(has({ share: isNumber, steps: isSteps, winner: isObject }, ["share"])),
  repeat: has({ times: isNumber, every: isText, until: has(SIGNAL, ["event"]), steps: isSteps },
    ["times", "every", "steps"]),
  set: (value) => isObject(value) && Object.values(value).every((one) => isScalar(one) || isChange(one)),
  call: has({ url: isText, body: isText, headers: isTexts }, ["url"]),
  stop: isText,
};

const isChange = (value) => isObject(value) && Object.keys(value).length === 1
  && (isNumber(value.increment) || isText(value.add) || isText(value.remove));

export const isShownSignal = has(SIGNAL, ["event"]);
export const isShownGoal = has({ ...SIGNAL, within: isText, revenue: isText }, ["event", "within"]);
export const isShownQuiet = listOf(has(
  // biome-ignore lint/suspicious/noThenProperty: the language calls it so
  { from: isText, to: isText, days: listOf(isText), zone: isText, then: isText }, ["from", "to"]));
export const isShownLimits = has({
  per_person: listOf(isText), ever: isNumber, gap: isText, per_run: isNumber, per_day: isNumber, throttle: isText,
  cut_off: isText,
});

/** Whether a form can show every part of a step; of the steps within it, others tell. */
export function isShownStep(step) {
  const kind = stepKind(step);
  return Boolean(kind) && FORMS[kind](step[kind])
    && Object.keys(step).every((key) => key === kind || (key === "id" && isText(step.id)));
}

/** Whether forms can show a list of steps and all that is within it. */
export const areShownSteps = (steps) =>
  Array.isArray(steps) && placedSteps(steps).every(([, step]) => isShownStep(step));
