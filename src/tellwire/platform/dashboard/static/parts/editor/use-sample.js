// The event and person to preview with: recent ones, with what was typed over them.
import { useState } from "/static/shared/ui/preact.js";

const NOTHING = { Event: {}, Profile: {} };

/** `over(known)` are the properties of the chosen sample, with what was typed instead. */
export function useSample() {
  const [chosen, setChosen] = useState("");
  const [typed, setTyped] = useState(NOTHING);
  return {
    chosen,
    over: ({ sample, profileValues }) =>
      ({ Event: { ...sample?.properties, ...typed.Event }, Profile: { ...profileValues, ...typed.Profile } }),
    choose: (id) => { setChosen(id); setTyped(NOTHING); },
    type: (space, name, value) => setTyped({ ...typed, [space]: { ...typed[space], [name]: value } }),
  };
}
