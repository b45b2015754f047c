// The gateway's administration, and who is signed in.
import { apiAt } from "/static/shared/ui/session.js";

export const API = "/admin/api";
export const api = apiAt(API);
export const { session, openSession, get, post, put, del } = api;

const ROLES = ["viewer", "developer", "owner"];

/** Whether whoever is signed in may do what the role `need` may. */
export const may = (need) => ROLES.indexOf(session.value?.role) >= ROLES.indexOf(need);

/**
 * A name as a part of an address. One that can be no part, such as an empty one, goes as a space, which is nobody's
 * name: so the server hears of it, and says what is wrong with it and with the other fields.
 */
export const named = (name) => encodeURIComponent(/^\.{0,2}$|\//.test(name) ? " " : name);
