// The gateway's administration, and who is signed in.
import { signal } from "/static/shared/ui/preact.js";
import { caller } from "/static/shared/ui/request.js";

export const API = "/admin/api";
export const session = signal(undefined); // undefined: not asked yet; null: nobody is signed in

const call = caller(API, () => { session.value = null; });

export const get = (path, options) => call("GET", path, undefined, options);
export const post = (path, body = {}) => call("POST", path, body);
export const put = (path, body) => call("PUT", path, body);
export const del = (path, body) => call("DELETE", path, body);

export async function openSession() {
  try {
    session.value = await get("/session");
  } catch (error) {
    if (error.status !== 401) throw error;
    session.value = null;
  }
}

const ROLES = ["viewer", "developer", "owner"];

/** Whether whoever is signed in may do what the role `need` may. */
export const may = (need) => ROLES.indexOf(session.value?.role) >= ROLES.indexOf(need);
