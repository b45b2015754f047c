// What the simulator answered, kept by address.
import { dataOf } from "/static/shared/ui/data.js";
import { apiAt } from "/static/shared/ui/session.js";

/** @type {{useData: (path: string, topics?: string[], options?: {everyMs?: number}) => any}} */
const data = dataOf(apiAt("/simulator/api"), "/simulator/api");
export const { useData } = data;
