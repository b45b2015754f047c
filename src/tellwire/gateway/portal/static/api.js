// The gateway's administration, and who is signed in.
import { apiAt } from "/static/shared/ui/session.js";

export const API = "/admin/api";
export const api = apiAt(API);
export const { session, openSession, get, post, put, del } = api;

const ROLES = ["viewer", "developer", "owner"];

/** Whether whoever is signed in may do what the role `need` may. */
export const may = (need) => ROLES.indexOf(session.value?.role) >= ROLES.indexOf(need);
