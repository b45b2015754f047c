// Who is signed in, the calls of the JSON API that need it, and what happens when a session ends while somebody works.
//
//     signed in -> (a request meets 401) -> away: "notice" or "door" -> signed in again: what waited is repeated
//
// The page stands through all of it, with everything typed into it. Only signing out puts the door in its place.
import { signal } from "./preact.js";
import { caller } from "./request.js";

const isWriting = () => Boolean(document.activeElement?.matches("input, textarea, select"));

/** Tells people apart: what one of them typed or asked for is not another's. */
export const whoOf = (session) => (session?.is_token ? "token" : session?.email ?? "");

/**
 * The API below `base`. `session` is undefined until asked for, null when nobody is signed in;
 * `away` says how its end is shown.
 */
export function apiAt(base) {
  const session = signal(undefined);
  const away = signal(null);
  const waiting = new Set(); // requests that met 401: a page has a handful, and one that is aborted leaves
  let isAsked = false; // for the door: by somebody who waits for an answer, and not only by the page itself
  let opened = { turn: 0, isSame: true }; // how often somebody signed in here, and whether it was the one who left

  const release = (isBack, those = [...waiting]) => those.forEach((one) => {
    waiting.delete(one);
    one.resolve(isBack);
  });
  /** @param {{signal?: AbortSignal, isAside: boolean}} request */
  const wait = ({ signal: given, isAside }) => {
    if (!session.value) {
      session.value = null;
      return false;
    }
    isAsked ||= !isAside;
    if (isAsked || !(away.value || isWriting())) away.value = "door"; // it would take the keys of who types
    away.value ??= "notice";
    return new Promise((resolve) => {
      const one = { isAside, resolve };
      waiting.add(one);
      given?.addEventListener("abort", () => release(false, [one]));
    });
  };
  const watch = () => {
    const { turn } = opened;
    return (request) => (turn === opened.turn ? wait(request) : opened.isSame); // a 401 may come after that sign-in
  };
  const call = caller(base, watch);
  const get = (path, options) => call("GET", path, undefined, options);

  const openSession = async () => {
    try {
      const found = await get("/session");
      if (!found && away.value) return; // nobody yet, as the portal says it: the page behind the door stands on
      opened = { turn: opened.turn + 1, isSame: !session.value || whoOf(found) === whoOf(session.value) };
      session.value = found;
      away.value = null;
      isAsked = false;
      release(opened.isSame);
    } catch (error) {
      if (error.status !== 401) throw error;
      if (!away.value) session.value = null;
    }
  };

  return {
    session, away, openSession, get,
    /** Waits until the session lives: for streams, which cannot tell a 401 from a lost line. */
    keepSession: () => get("/session").catch((error) => error.status === 401 && wait({ isAside: true })),
    showDoor: () => { isAsked = true; away.value = "door"; },
    /** Keeps back a door that only the page asked for: it took its time, and somebody has begun to write. */
    yieldDoor: () => { if (away.value === "door" && !isAsked && isWriting()) away.value = "notice"; },
    /** Closes the door unused: what somebody asked for is not done, what the page asks for by itself waits on. */
    closeDoor: () => {
      if (away.value) away.value = "notice";
      isAsked = false;
      release(false, [...waiting].filter((one) => !one.isAside));
    },
    post: (path, body = {}, options) => call("POST", path, body, options),
    put: (path, body) => call("PUT", path, body),
    del: (path, body) => call("DELETE", path, body),
  };
}
