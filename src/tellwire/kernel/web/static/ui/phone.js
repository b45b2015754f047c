// Phone numbers as people read them: in groups, with masked digits as dots. Pure.

// Country codes of one and two digits (ITU-T E.164); all others have three, and none begins with another.
const COUNTRY_CODE = /^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;
const NUMBER = /^\+?(\d[\d*x]{6,14})$/; // seven digits at least: shorter ones are codes, written as they are
const GROUPS = { 7: [3, 4], 8: [4, 4], 9: [3, 3, 3], 10: [3, 3, 4], 11: [3, 4, 4], 12: [4, 4, 4] };
const SPACE = "\u00a0"; // a number is not broken into two lines
const HIDDEN = "•";

/** A number as `+65 9123 0000` or `+65 •••• ••00`; a short code or a name as it is, a dash where nothing is known. */
export function phone(number) {
  if (!number) return "–";
  const digits = NUMBER.exec(number)?.[1];
  const code = digits && COUNTRY_CODE.exec(digits)?.[1];
  if (!code) return number;
  const rest = digits.slice(code.length).replace(/[*x]/g, HIDDEN);
  return [`+${code}`, ...grouped(rest)].join(SPACE);
}

function grouped(digits) {
  const lengths = GROUPS[digits.length] ?? [digits.length];
  const start = (group) => lengths.slice(0, group).reduce((sum, length) => sum + length, 0);
  return lengths.map((length, group) => digits.slice(start(group), start(group) + length));
}

/** What is searched for: digits, and a plus before them if one was typed. */
export const bareDigits = (text) => text.replace(/[^\d+]/g, "").replace(/(?!^)\+/g, "");
