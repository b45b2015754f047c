// Asks for the vocabulary once, for the pages that write campaigns.
import { useData } from "../data.js";
import { isLearned, learnFrom } from "../vocabulary.js";

/** An answer as those of `useData`: it has data once the vocabulary is there. */
export function useVocabulary() {
  const answer = useData(isLearned() ? null : "/vocabulary", [], { everyMs: null });
  if (answer.data && !isLearned()) learnFrom(answer.data);
  return { ...answer, data: isLearned() || undefined };
}
