// One simulated phone as its stream tells it, and what is asked of it.
import { useEffect, useState } from "/static/shared/ui/preact.js";

/** `{phone, line}`: the whole phone after each change, null before the first, and how the line to it stands. */
export function usePhone(base) {
  const [phone, setPhone] = useState(null);
  const [line, setLine] = useState("Connecting…");
  useEffect(() => {
    const stream = new EventSource(`${base}/stream`);
    stream.addEventListener("open", () => setLine("Live"));
    stream.addEventListener("error", () => setLine("Connecting again…"));
    stream.addEventListener("phone", ({ data }) => setPhone(JSON.parse(data)));
    return () => stream.close();
  }, [base]);
  return { phone, line };
}

/** Posts, and returns why it was not done, or nothing. */
export async function post(address, body) {
  try {
    const answer = await fetch(address, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    });
    return answer.ok ? "" : `Not done: ${(await answer.json()).error ?? answer.status}`;
  } catch {
    return "Not done: the gateway cannot be reached.";
  }
}
