// What no formatter does for us: no line of the pages beyond 120 characters, no tab, no space at a line's end.
// Files are named as arguments; what is wrong is printed as file:line.
import { readFileSync } from "node:fs";

const LIMIT = 120; // characters, as for Python's comments and sentences

const mistakeOf = (line) => {
  const length = [...line].length;
  if (length > LIMIT) return `${length} characters, of ${LIMIT} at most`;
  if (line.includes("\t")) return "a tab";
  return /\s$/.test(line) ? "a space at the end" : "";
};

for (const file of process.argv.slice(2)) {
  readFileSync(file, "utf8")
    .split("\n")
    .forEach((line, at) => {
      const mistake = mistakeOf(line);
      if (!mistake) return;
      process.stderr.write(`${file}:${at + 1}: ${mistake}\n`);
      process.exitCode = 1;
    });
}
