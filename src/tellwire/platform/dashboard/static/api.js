// The platform's JSON API, and who is signed in.
import { dataOf } from "/static/shared/ui/data.js";
import { apiAt } from "/static/shared/ui/session.js";

export { query } from "/static/shared/ui/request.js";
/** @type {ControlApi} */
export const api = apiAt("/api");
export const { session, get, post, put, del } = api;
/** @type {ControlData} */
const data = dataOf(api, "/api");
export const { useData, prefetch, changed, write } = data;
