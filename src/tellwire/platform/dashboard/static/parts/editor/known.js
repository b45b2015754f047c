// The names that the editor suggests: events and properties that were seen lately, audiences, lists, providers.
import { useMemo } from "/static/shared/ui/preact.js";
import { useData } from "../../data.js";
import { propertyChoices, samplesOf, useRecentEvents, useSampleProfile } from "../samples.js";

const namesOf = (things) => things.map(({ name }) => name);

/** `event` is what starts the campaign. `sample` is what the preview is made with, a recent event of that name. */
export function useKnown(event, providers, chosen) {
  const all = useRecentEvents();
  const { data: account } = useData("/account-settings", ["campaigns"]);
  const { data: lists } = useData("/lists");
  const samples = useMemo(() => samplesOf(all, event), [all, event]);
  const sample = samples.events.find((one) => one.id === chosen) ?? samples.events[0];
  const profile = useSampleProfile(sample);
  const choices = propertyChoices(samples.eventProperties, profile);
  return {
    event, providers, choices, sample, profileValues: profile, samples: samples.events, events: samples.names,
    audiences: namesOf(account?.audiences ?? []), lists: namesOf(lists?.lists ?? []),
    profile: choices.filter(({ space }) => space === "Profile").map(({ name }) => name),
    propertiesOf: (name = "") => [...samplesOf(all, name).eventProperties.keys()],
  };
}
