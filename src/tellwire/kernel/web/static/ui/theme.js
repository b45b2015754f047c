// The light and dark choice: follows the system until somebody chooses.
import { html, signal } from "./preact.js";
import { Icon } from "./icons.js";

const KEY = "tellwire.theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const chosen = signal(document.documentElement.dataset.theme ?? "");
const systemIsDark = signal(system.matches);
system.addEventListener("change", (event) => { systemIsDark.value = event.matches; });

const isDark = () => (chosen.value ? chosen.value === "dark" : systemIsDark.value);

function turn() {
  chosen.value = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = chosen.value;
  try {
    localStorage.setItem(KEY, chosen.value);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

export function ThemeButton() {
  const label = isDark() ? "Use the light theme" : "Use the dark theme";
  return html`<button type="button" class="button quiet square" aria-label=${label} title=${label} onClick=${turn}>
    <${Icon} name=${isDark() ? "sun" : "moon"} /></button>`;
}
