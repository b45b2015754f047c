// Tries to post something, folded: one post for each event and receiver, with all its tries; posts by message.

/** The posts of `tries` (newest first): the event and the receiver, the newest try, and the ones before it. */
export function postsOf(tries) {
  const posts = new Map();
  for (const one of tries) {
    const key = `${one.event} ${one.url}`;
    const known = posts.get(key);
    if (known) known.earlier.push(one);
    else posts.set(key, { key, newest: one, earlier: [] });
  }
  return [...posts.values()];
}

/** Tries, newest first, by the message or text that they are of; the one with the newest try first. */
export function byMessage(tries) {
  const messages = new Map();
  for (const one of tries) {
    const key = one.umid || `try ${one.id}`; // what was erased has no name
    messages.set(key, [...(messages.get(key) ?? []), one]);
  }
  return [...messages].map(([key, own]) =>
    ({ key, umid: own[0].umid, isText: own[0].event === "inbound", posts: postsOf(own) }));
}
