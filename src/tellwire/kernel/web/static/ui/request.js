// Talks to a JSON API of ours. Answers are values or an ApiError with a sentence fit for people.
const TIMEOUT_MS = 20_000; // a test send waits 15 s for a provider

export class ApiError extends Error {
  constructor(status, { code = "", message, fields = {} }) {
    super(message);
    Object.assign(this, { status, code, fields: plainPaths(fields) });
  }
}

/** "headers[0].value" and "headers.0.value" are the same place in a form. */
export const plainPaths = (fields) =>
  Object.fromEntries(Object.entries(fields ?? {}).map(([path, why]) =>
    [path.replace(/\[(\w+)\]/g, ".$1").replace(/^\$?\./, ""), why]));

const UNREACHABLE = "Tellwire does not answer. Check that it runs and that you are online; nothing you typed is lost.";
const SIGNED_OUT = "Your session has ended. Sign in again to go on; what you typed is still here.";

/**
 * The caller of the API below `base`. A 401 that is no answer to a sign-in asks what `watch` gave when the request
 * began: once it says that somebody is signed in again, the request is repeated as if nothing had happened.
 * `isAside` marks requests that nobody waits for.
 */
export const caller = (base, watch) => async function call(method, path, body, options = {}) {
  const { signal: given, isAside = method === "GET" } = options;
  const mayRepeat = watch();
  const isFile = body instanceof Blob; // goes as it is, with its own type
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  let response, answer;
  try {
    response = await fetch(base + path, {
      method,
      credentials: "same-origin",
      headers: { accept: "application/json",
        ...(body === undefined ? {} : { "content-type": isFile ? body.type : "application/json" }) },
      body: isFile || body === undefined ? body : JSON.stringify(body),
      signal: given ? AbortSignal.any([given, limit]) : limit,
    });
    answer = await bodyOf(response); // the time-out holds for the body too
  } catch (error) {
    if (given?.aborted) throw error;
    throw new ApiError(0, { code: "unreachable", message: UNREACHABLE });
  }
  if (response.ok) return answer;
  if (response.status === 401 && path !== "/session") {
    if (await mayRepeat({ signal: given, isAside })) return call(method, path, body, options);
    given?.throwIfAborted();
    throw new ApiError(401, { code: "signed_out", message: SIGNED_OUT });
  }
  throw new ApiError(response.status, answer?.error
    ?? { message: `The server answered ${response.status}. Try again, or look at its log.` });
};

/** The JSON of an answer, or its text where it is YAML. */
async function bodyOf(response) {
  const text = await response.text();
  return response.headers.get("content-type")?.includes("yaml") ? text : parsed(text);
}

function parsed(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/**
 * The query of an address: what has no value is left out.
 * @returns {"" | `?${string}`}
 */
export const query = (values) => {
  const parameters = Object.entries(values).filter(([, value]) => value !== "" && value != null);
  const text = new URLSearchParams(parameters).toString();
  return text ? `?${text}` : "";
};
