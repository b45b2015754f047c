// Lets Node.js load the pages' modules as browsers do: by "/static/shared/...", as modules, with a language.
import { register } from "node:module";

if (!globalThis.navigator?.language) {
  Object.defineProperty(globalThis, "navigator", { value: { language: "en-GB" }, configurable: true });
} else {
  Object.defineProperty(globalThis.navigator, "language", { value: "en-GB", configurable: true });
}
process.env.TZ = "UTC";
register("./resolving.mjs", import.meta.url);
