// A campaign's log and versions as lines of a page. Nothing here draws.
import { operatorWords } from "./vocabulary.js";
import { sentence } from "./words.js";

/**
 * A campaign's past, newest first: the lines of the audit log, each in the words of the campaign's own log where it has
 * one for it, and what that one alone knows, from before the audit log was kept.
 */
export function pastOf(audit, log, versions) {
  const turns = new Map(historyOf(log, versions).map((line) => [line.key, line]));
  const lines = audit.map((line) => ({
    key: line.catalog_version, at: line.at, by: line.by, line,
    what: turns.get(line.catalog_version)?.what ?? sentence(line.what),
  }));
  const known = new Set(lines.map(({ key }) => key));
  return [...lines, ...[...turns.values()].filter(({ key }) => !known.has(key))].sort((a, b) => b.key - a.key);
}

/** The log, newest first, each line with its words and the fields that its version changed. */
export function historyOf(log, versions) {
  const changed = Object.fromEntries(versions.map((one) => [one.number, one.changed]));
  return log.map((line, at) => {
    const isNew = log.slice(at + 1).every((older) => older.version !== line.version);
    return {
      key: line.catalog_version, at: line.at, by: line.by, version: line.version,
      what: wordsOf(line, log[at + 1]),
      changed: line.what === "published" && isNew ? changed[line.version] ?? [] : [],
    };
  });
}

function wordsOf({ what, version }, before) {
  if (what === "stopped") return version ? `Version ${version} stopped` : "Stopped";
  if (what === "paused") return `Version ${version} paused`;
  if (before?.version === version && before.what === "paused") return `Version ${version} resumed`;
  if (before?.version === version) return `Version ${version} published again`;
  return before?.what === "published" ? `Version ${version} published, while it ran` : `Version ${version} published`;
}

/** A field of the API in words: `content.text` is "Text", `where[0].equals` "Where 1 equals". */
export const fieldName = (path) => sentence(path.replace(STEP, "“$1”, ").replace(/^(content|policy|start)\./, "")
  .replace(/\[(\d+)\]/g, (_all, at) => ` ${Number(at) + 1}`).replaceAll(".", " "));
const STEP = /^steps\.([^.]+)\.(send\.)?/; // a step goes by its id

/** A field's value in words. */
export function valueText(value) {
  if (value === null || value === undefined || value === "") return "nothing";
  if (value === true || value === false) return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length ? value.map(valueText).join("; ") : "nothing";
  if (typeof value !== "object") return String(value);
  if (value.operator) {
    const isBare = value.value === null || value.value === undefined;
    return [value.property, operatorWords(value.operator), isBare ? "" : `“${[value.value].flat().join("”, “")}”`]
      .filter(Boolean).join(" ");
  }
  return JSON.stringify(value);
}
