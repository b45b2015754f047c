// The platform's JSON API, and who is signed in.
import { apiAt } from "/static/shared/ui/session.js";

export { query } from "/static/shared/ui/request.js";
/** @type {ControlApi} */
export const api = apiAt("/api");
export const { session, get, post, put, del } = api;
