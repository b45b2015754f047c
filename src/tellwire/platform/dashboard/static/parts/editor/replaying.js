// Reads a replay as it comes, a JSON object a line.
import { ApiError } from "/static/shared/ui/request.js";

const BROKEN = "The replay broke off before its end. Try again.";
const REFUSED = "The replay cannot be made of this campaign: look at the checks.";

/**
 * Resolves to `{summary, profiles_as_of}`; `onProgress` hears how far it has come, from 0 to 1.
 * @param {any} payload
 * @param {{from: Date, to: Date, signal: AbortSignal, onProgress: (progress: number) => void}} how
 */
export async function replayed(payload, { from, to, signal, onProgress }) {
  const period = new URLSearchParams({ from: from.toISOString(), to: to.toISOString() });
  const response = await fetch(`/api/campaigns/replay?${period}`, {
    method: "POST", credentials: "same-origin", signal,
    headers: { "content-type": "application/json" }, body: JSON.stringify(payload),
  });
  if (!response.ok) {
    const { error } = await response.json();
    throw new ApiError(response.status, { ...error, message: error.code === "invalid" ? REFUSED : error.message });
  }
  let result = null;
  for await (const line of linesOf(response.body)) {
    const answer = JSON.parse(line);
    if (answer.summary) result = answer;
    else onProgress(answer.progress);
  }
  if (!result) throw new ApiError(0, { code: "broken_off", message: BROKEN });
  return result;
}

async function* linesOf(body) {
  let rest = "";
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop();
    yield* lines.filter(Boolean);
  }
  if (rest) yield rest;
}
