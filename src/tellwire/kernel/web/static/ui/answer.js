// Answers to questions that have a body, and so no address: a preview, a check, what saving would do. What has an
// address is asked for by `useData`.
import { useEffect, useState } from "./preact.js";

/**
 * Asks whenever `question` is another one; null asks nothing. The last answer stands until the next is there, and an
 * error beside it; an answer that was overtaken is dropped.
 * @template Question, Answer
 * @param {Question | null} question
 * @param {(question: Question, signal: AbortSignal) => Promise<Answer>} ask
 * @returns {{data: Answer | undefined, error: any, reload(): void}}
 */
export function useAnswer(question, ask) {
  const [state, setState] = useState({ data: undefined, error: null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (question === null) return void setState({ data: undefined, error: null });
    const abort = new AbortController();
    ask(question, abort.signal).then(
      (data) => abort.signal.aborted || setState({ data, error: null }),
      (error) => abort.signal.aborted || setState((old) => ({ ...old, error })),
    );
    return () => abort.abort();
  }, [JSON.stringify(question), round]);
  return { ...state, reload: () => setRound((old) => old + 1) };
}

/** The value once it has rested for `ms`, such as what is typed. */
export function useRested(value, ms) {
  const [rested, setRested] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return rested;
}
