// The properties that a text in Liquid names, and the Liquid that names one. Nothing here draws.

const MENTION = /\b(Profile|Event)\s*(?:\.\s*([A-Za-z_][\w-]*)|\[\s*["']([^"']+)["']\s*\])/g;

/** The properties a template names: `{Profile: [...], Event: [...]}`, each once, in order. */
export function mentioned(text) {
  const found = { Profile: [], Event: [] };
  for (const [, space, plain, quoted] of text.matchAll(MENTION)) {
    const name = plain ?? quoted;
    if (!found[space].includes(name)) found[space].push(name);
  }
  return found;
}

const isPlain = (name) => /^[A-Za-z_]\w*$/.test(name);

/** The Liquid that puts a property in, and where in it the cursor belongs: inside the empty default. */
export function insertion(space, name) {
  const text = `{{ ${isPlain(name) ? `${space}.${name}` : `${space}["${name}"]`} | default: "" }}`;
  return { text, caret: text.length - '" }}'.length };
}
