// Who is signed in, and the calls of the JSON API that need it.
import { signal } from "./preact.js";
import { caller } from "./request.js";

/** The API below `base`. `session` is undefined until asked for, null when nobody is signed in. */
export function apiAt(base) {
  const session = signal(undefined);
  const call = caller(base, () => { session.value = null; });
  const get = (path, options) => call("GET", path, undefined, options);
  const openSession = async () => {
    try {
      session.value = await get("/session");
    } catch (error) {
      if (error.status !== 401) throw error;
      session.value = null;
    }
  };
  return {
    session, openSession, get,
    post: (path, body = {}, options) => call("POST", path, body, options),
    put: (path, body) => call("PUT", path, body),
    del: (path, body) => call("DELETE", path, body),
  };
}
