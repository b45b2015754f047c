// The modules that came together in one file, each run once, when it is first needed: see kernel/web/bundle.py.
const makers = new Map(); // by the name of a module: a function of its text that gives what it exports
const made = new Map(); // by the name of a module: a promise of what it exports

/** Takes a module; which file brought it first does not matter. */
export const define = (name, make) => { if (!makers.has(name)) makers.set(name, make); };

/** What a module exports; it runs now if it has not yet. */
export function need(name) {
  if (!made.has(name)) made.set(name, makers.get(name)());
  return made.get(name);
}

/** What a module exports that comes in a file of its own. */
export const later = (href, name) => import(href).then(() => need(name));
