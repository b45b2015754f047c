// Sheets that only some pages need: a module asks for its own before it draws anything.
//
//     await sheet("/static/app/steps.css");

const asked = new Map();

/** Resolves once the sheet is there; without it too, when it cannot be had: what is unstyled can still be read. */
export function sheet(href) {
  if (!asked.has(href)) {
    asked.set(href, new Promise((resolve) => {
      const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
      link.onload = link.onerror = () => resolve();
      document.head.append(link);
    }));
  }
  return asked.get(href);
}
