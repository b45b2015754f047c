// Where a text stops being JSON: browsers say that it does, and not all of them where. Nothing here draws.
const SPACE = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a string
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = new RegExp(`${STRING.source}|-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null`, "y");
const SIGN = /[{}[\],:]/y;

// What may come next, and what is wanted after it; "close" is the end of the object or array that is open.
const AFTER = {
  value: { "{": "first key", "[": "first item", scalar: "comma" },
  "first item": { "{": "first key", "[": "first item", scalar: "comma", "]": "close" },
  "first key": { string: "colon", "}": "close" },
  key: { string: "colon" },
  colon: { ":": "value" },
};
const COMMA = { "{": { ",": "key", "}": "close" }, "[": { ",": "value", "]": "close" }, undefined: {} };

/** The offset of the first character that JSON does not have there; the text's length if it only ends too early. */
export function mistakeAt(text) {
  const open = [];
  let at = 0;
  let wants = "value";
  const take = (pattern) => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  for (;;) {
    at += take(SPACE).length;
    const choices = wants === "comma" ? COMMA[open.at(-1)] : AFTER[wants];
    const isName = "string" in choices;
    const literal = isName ? take(STRING) : "scalar" in choices ? take(SCALAR) : undefined;
    const kind = literal === undefined ? take(SIGN) : isName ? "string" : "scalar";
    if (!(kind in choices)) return at;
    at += (literal ?? kind).length;
    if (kind === "{" || kind === "[") open.push(kind);
    wants = choices[kind];
    if (wants === "close") {
      open.pop();
      wants = "comma";
    }
  }
}
