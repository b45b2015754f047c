// The platform's JSON API, and who is signed in.
import { signal } from "/static/shared/ui/preact.js";
import { caller } from "/static/shared/ui/request.js";

export { query } from "/static/shared/ui/request.js";
export const session = signal(undefined); // undefined: not asked yet; null: nobody is signed in

const call = caller("/api", () => { session.value = null; });

export const get = (path, options) => call("GET", path, undefined, options);
export const post = (path, body = {}, options) => call("POST", path, body, options);
export const put = (path, body) => call("PUT", path, body);
export const del = (path) => call("DELETE", path);

export async function openSession() {
  try {
    session.value = await get("/session");
  } catch (error) {
    if (error.status !== 401) throw error;
    session.value = null;
  }
}
