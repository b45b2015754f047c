// What events and profiles looked like lately: suggestions for names, and a sample to preview with.
import { useResource } from "/static/shared/ui/resource.js";
import { get } from "../api.js";
import { eventOf } from "../shape.js";

const CHOICE = 20; // recent events to preview with
const STANDARD = ["Name", "Email", "Phone", "Identity", "Gender", "Customer Type", "Tz"];
const fold = (name) => name.replace(/\s+/g, "").toLowerCase();

/** The events that came lately, newest first; none while they load. */
export function useRecentEvents() {
  const { data } = useResource(async (signal) => (await get("/events?limit=200", { signal })).events.map(eventOf), []);
  return data ?? [];
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
  const { data } = useResource(async (signal) => {
    if (!event) return {};
    const parameter = event.subject.kind === "device" ? "object_id" : "identity";
    const found = await get(`/explain?${new URLSearchParams({ [parameter]: event.subject.value, event: event.id })}`,
      { signal });
    return found.profile?.properties ?? {};
  }, [event?.id]);
  return data ?? {};
}

export function propertyChoices(eventProperties, profile) {
  const word = (value) => (value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value));
  const ofProfile = [...new Set([...STANDARD, ...Object.keys(profile)])].map((name) =>
    ({ space: "Profile", name, sample: word(profile[name]) }));
  return [...[...eventProperties].map(([name, value]) => ({ space: "Event", name, sample: word(value) })),
    ...ofProfile];
}
