// Talks to a JSON API of ours. Answers are values or an ApiError with a sentence fit for people.
const TIMEOUT_MS = 20_000; // a test send waits 15 s for a provider

export class ApiError extends Error {
  constructor(status, { code = "", message, fields = {} }) {
    super(message);
    Object.assign(this, { status, code, fields: plainPaths(fields) });
  }
}

// "headers[0].value" and "headers.0.value" are the same place in a form.
const plainPaths = (fields) => Object.fromEntries(Object.entries(fields ?? {}).map(([path, why]) => [path.replace(/\[(\w+)\]/g, ".$1").replace(/^\$?\./, ""), why]));

const UNREACHABLE = "Tellwire does not answer. Check that it runs and that you are online; nothing you typed is lost.";

/** The caller of the API below `base`; `onSignedOut` hears of a 401 that is no answer to a sign-in. */
export const caller = (base, onSignedOut) => async (method, path, body, { signal: given } = {}) => {
  const isFile = body instanceof Blob; // goes as it is, with its own type
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  let response, answer;
  try {
    response = await fetch(base + path, {
      method,
      credentials: "same-origin",
      headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": isFile ? body.type : "application/json" }) },
      body: isFile || body === undefined ? body : JSON.stringify(body),
      signal: given ? AbortSignal.any([given, limit]) : limit,
    });
    answer = parsed(await response.text()); // the time-out holds for the body too
  } catch (error) {
    if (given?.aborted) throw error;
    throw new ApiError(0, { code: "unreachable", message: UNREACHABLE });
  }
  if (response.ok) return answer;
  if (response.status === 401 && path !== "/session") onSignedOut();
  throw new ApiError(response.status, answer?.error ?? { message: `The server answered ${response.status}. Try again, or look at its log.` });
};

function parsed(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

export const query = (values) => {
  const text = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== "" && value != null)).toString();
  return text ? `?${text}` : "";
};
