// A field that holds a list: one a line, or with commas or blanks between.
export const linesOf = (text) => text.split(/[\s,]+/).filter(Boolean);
