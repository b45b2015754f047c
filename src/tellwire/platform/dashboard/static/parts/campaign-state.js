// A campaign's state as colour, icon and word.
import { html } from "/static/shared/ui/preact.js";
import { Icon } from "/static/shared/ui/icons.js";
import { FactBadge } from "./campaign-facts.js";

const LOOKS = { draft: ["", "edit", "Draft"], running: ["good", "play", "Running"],
  paused: ["warn", "pause", "Paused"], stopped: ["warn", "stop", "Stopped"] };

export function StateBadge({ state, facts = [] }) {
  if (state === "running" && facts[0]?.code === "over") return html`<${FactBadge} facts=${facts} />`;
  const [tone, icon, word] = LOOKS[state] ?? LOOKS.draft;
  if (state === "running" && facts[0]?.code === "over") return html`<${FactBadge} facts=${facts} />`;
  const shown = facts.length && state === "running" ? "" : tone; // what runs and fails is not green
  return html`<span class="badge ${shown}"><${Icon} name=${icon} size=${11} />${word}</span><${FactBadge}
    facts=${facts} />`;
}
