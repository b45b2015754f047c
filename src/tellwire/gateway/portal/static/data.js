// What the gateway's administration answered, kept by address and asked for again when its topics change.
import { dataOf } from "/static/shared/ui/data.js";
import { API, api } from "./api.js";

export const { useData, prefetch, changed, write } = dataOf(api, API);
