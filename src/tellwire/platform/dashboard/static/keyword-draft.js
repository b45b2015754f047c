// The account's keywords as a form holds them, and back. Nothing here draws.
const MEANINGS = ["stop", "start", "help"];
const NO_HELP = "Say who writes and how to reach them: there is no text for this but yours.";

const wordsIn = (text) => text.split(/[,\n]/).map((word) => word.trim()).filter(Boolean);

/** What stands in the form for the account's `replies`, which may be absent. */
export const draftOf = (replies = {}) => ({
  ...Object.fromEntries(MEANINGS.map((meaning) => {
    const { words = [], confirm = false, text = "" } = replies[meaning] ?? {};
    return [meaning, { words: words.join(", "), confirm, text }];
  })),
  without: (replies.without ?? []).join(", "),
});

/** What the server is sent. */
export const repliesOf = (draft) => ({
  ...Object.fromEntries(MEANINGS.map((meaning) => {
    const { words, confirm, text } = draft[meaning];
    return [meaning, { words: wordsIn(words), confirm, text: text.trim() }];
  })),
  without: wordsIn(draft.without),
});

export const rules = [
  ["help.text", (text, { help }) => (help.confirm && !text.trim() ? NO_HELP : "")],
];

/** An error of the server by the form's own path: "account.replies.stop.words.0" is of the field "stop.words". */
export const errorsOf = (fields) => Object.fromEntries(Object.entries(fields).map(([path, why]) =>
  [path.replace(/^account\.replies\./, "").replace(/\.\d+$/, ""), why]));
