// What the platform's API answered, kept by address and asked for again when its topics change.
import { dataOf } from "/static/shared/ui/data.js";
import { api } from "./api.js";

/** @type {ControlData} */
const data = dataOf(api, "/api");
export const { useData, prefetch, changed, write } = data;
