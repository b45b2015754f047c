// What events and profiles looked like lately: suggestions for names, and a sample to preview with.
import { useMemo } from "/static/shared/ui/preact.js";
import { useData } from "../data.js";
import { eventOf } from "../shape.js";

const CHOICE = 20; // recent events to preview with
const STANDARD = ["Name", "Email", "Phone", "Identity", "Gender", "Customer Type", "Tz"];
const fold = (name) => name.replace(/\s+/g, "").toLowerCase();

const ONCE = { everyMs: null }; // a sample that changed while somebody writes would change the preview

/** The events that came lately, newest first; none while they load. */
export function useRecentEvents() {
  const { data } = useData("/events?limit=200", [], ONCE);
  return useMemo(() => (data?.events ?? []).map(eventOf), [data]);
}

/** Of events, newest first, those of a name, and the names of all. */
export function samplesOf(all, eventName) {
  const events = all.filter((one) => fold(one.name) === fold(eventName));
  const oldestFirst = [...events].reverse().flatMap((event) => Object.entries(event.properties));
  return { names: [...new Set(all.map((one) => one.name))], events: events.slice(0, CHOICE),
    eventProperties: new Map(oldestFirst) }; // the newest value of each stands
}

/** Recent events, newest first, with what can be learnt from them about the event named. */
export const useSamples = (eventName) => samplesOf(useRecentEvents(), eventName);

/** The profile behind a sample event, as far as the API shows it. */
export function useSampleProfile(event) {
  const { data } = useData(event ? askedOf(event) : null, [], ONCE);
  return data?.profile?.properties ?? NOTHING;
}

const NOTHING = {};

/** @returns {`/explain?${string}`} */
function askedOf({ id, subject }) {
  const parameter = subject.kind === "device" ? "object_id" : "identity";
  return `/explain?${new URLSearchParams({ [parameter]: subject.value, event: id })}`;
}

export function propertyChoices(eventProperties, profile) {
  const word = (value) => (value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value));
  const ofProfile = [...new Set([...STANDARD, ...Object.keys(profile)])].map((name) =>
    ({ space: "Profile", name, sample: word(profile[name]) }));
  return [...[...eventProperties].map(([name, value]) => ({ space: "Event", name, sample: word(value) })),
    ...ofProfile];
}
