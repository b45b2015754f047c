// A part of a campaign that no form here can show: the same part as YAML, and nothing of it is lost.
import { html, useEffect, useId, useRef, useState } from "/static/shared/ui/preact.js";
import { Wrong } from "/static/shared/ui/fields.js";
import { Icon } from "/static/shared/ui/icons.js";
import { plainPaths } from "/static/shared/ui/request.js";
import { useRested } from "/static/shared/ui/answer.js";
import { post } from "../../api.js";
import { isSame } from "../../document/tree.js";

const REST_MS = 300; // of typing, before the text is read

/**
 * The text of a value, and what of it is wrong. A value that changes from elsewhere is written anew; `onRead` gets what
 * a typed text says and answers `{value}` as it took it, or `{error}`. `settle` reads at once what was typed last, and
 * says whether it could be read.
 */
export function useYaml(value, onRead) {
  const [text, setText] = useState(null); // null: not written yet
  const [error, setError] = useState(null);
  const [lines, setLines] = useState({}); // of the text as it could be read last, by path
  const known = useRef({ text: null, value: undefined }); // the last text and value that say the same
  const typed = useRested(text, REST_MS);
  useEffect(() => {
    if (known.current.text !== null && isSame(known.current.value, value)) return;
    const abort = new AbortController();
    post("/yaml/write", { value }, { signal: abort.signal }).then(({ text: written, lines: placed }) => {
      if (abort.signal.aborted) return;
      known.current = { text: written, value };
      setText(written);
      setLines(plainPaths(placed));
      setError(null);
    }, (problem) => abort.signal.aborted || setError(problem));
    return () => abort.abort();
  }, [JSON.stringify(value)]);
  const read = async (asked, signal) => {
    try {
      /** @type {any} */
      const answer = await post("/yaml/read", { text: asked }, { signal, isAside: true });
      if (signal?.aborted) return false;
      const taken = answer.error ? { error: answer.error } : onRead(answer.value);
      setError(taken.error ?? null);
      if (!taken.error) known.current = { text: asked, value: taken.value };
      if (!taken.error) setLines(plainPaths(answer.lines));
      return !taken.error;
    } catch (problem) {
      if (!signal?.aborted) setError(problem);
      return false;
    }
  };
  useEffect(() => {
    if (typed === null || typed === known.current.text) return;
    const abort = new AbortController();
    read(typed, abort.signal);
    return () => abort.abort();
  }, [typed]);
  const settle = () => (text === null || text === known.current.text ? !error : read(text));
  return { text, error, lines, settle, write: setText };
}

export const whereOf = ({ line, message }) => (line ? `Line ${line}: ${message}` : message);

/** `onValue` gets the part as it is written, as soon as it can be read. */
export function RawPart({ label, value, onValue, error, path }) {
  const id = useId();
  const yaml = useYaml(value, (next) => { onValue(next); return { value: next }; });
  const why = yaml.error ? whereOf(yaml.error) : error;
  return html`<div class="field raw" data-path=${path}>
    <label for=${id}>${label}</label>
    <p class="hint row tight"><${Icon} name="info" size=${13} />This part is edited as YAML.</p>
    <textarea id=${id} class="textarea mono" rows="4" spellcheck="false" data-own-undo wrap="off"
      disabled=${yaml.text === null}
      aria-invalid=${why ? "true" : undefined} value=${yaml.text ?? ""}
      onInput=${(event) => yaml.write(event.currentTarget.value)} />
    ${why && html`<${Wrong}>${why}<//>`}</div>`;
}
