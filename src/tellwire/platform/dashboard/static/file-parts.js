// A long file of lines as parts that one request can carry. Nothing here draws or sends.
const PART_CHARACTERS = 400_000; // a request takes 1 MiB, and a letter up to three bytes

const HEADER = /^"?(phone|number|msisdn|mobile|address|reason|until|expires)"?\s*([,;\t]|$)/i;

/**
 * The parts of a text: each begins with the header, if the first line is one. `skipped` is how many lines of the file
 * stand before the part's own: what a report calls line 2 of a part is line `skipped + 2` of the file.
 * @returns {{text: string, skipped: number}[]}
 */
export function partsOf(text, most = PART_CHARACTERS) {
  const lines = text.replace(/^\ufeff/, "").split(/(?<=\n)/);
  const head = HEADER.test(lines[0] ?? "") ? lines.shift() : "";
  const parts = [];
  let part = { text: head, skipped: 0 };
  lines.forEach((line, at) => {
    if (part.text.length + line.length > most && part.text.length > head.length) {
      parts.push(part);
      part = { text: head, skipped: at };
    }
    part.text += line;
  });
  return [...parts, part];
}

/** The sum of the reports of parts, each mistake by its line in the file. */
export const sumOf = (reports) => reports.reduce((sum, { skipped, report }) => ({
  suppressed: sum.suppressed + report.suppressed, already: sum.already + report.already,
  repeated: sum.repeated + report.repeated, refused: sum.refused + report.refused,
  mistakes: [...sum.mistakes, ...report.mistakes.map(({ line, why }) => ({ line: line + skipped, why }))].slice(0, 100),
}), { suppressed: 0, already: 0, repeated: 0, refused: 0, mistakes: [] });
