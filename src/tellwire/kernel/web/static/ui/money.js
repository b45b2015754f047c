// Sums of money, from whole minor units (cents) and a currency. Pure.
const language = navigator.language;
const USUAL_DIGITS = 2;
const formats = new Map(); // by currency: making one costs more than using it

function formatOf(currency) {
  if (!formats.has(currency)) formats.set(currency, made(currency));
  return formats.get(currency);
}

function made(currency) {
  try {
    return new Intl.NumberFormat(language, { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  } catch {
    return null; // no currency of ISO 4217
  }
}

/** How many digits of a currency are minor: 2 for EUR, 0 for JPY, 3 for KWD. */
export const minorDigits = (currency) => formatOf(currency)?.resolvedOptions().maximumFractionDigits ?? USUAL_DIGITS;

/** A sum as people write it; a dash where nothing is known. */
export function money(minor, currency) {
  if (minor == null) return "–";
  const amount = minor / 10 ** minorDigits(currency);
  return formatOf(currency)?.format(amount) ?? `${currency} ${amount.toFixed(USUAL_DIGITS)}`;
}

/** A sum without its currency, for columns that say it in their head. */
export function bareAmount(minor, currency) {
  if (minor == null) return "–";
  const digits = minorDigits(currency);
  return new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .format(minor / 10 ** digits);
}
