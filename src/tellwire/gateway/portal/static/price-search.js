// Finding prices among thousands: by the beginning of a number, a country, an operator or a network.

const digitsOf = (words) => words.replace(/[+\s().-]/g, "");
const textOf = (price) => [price.country_name, price.country, price.operator,
  `${price.mcc} ${price.mnc}`].join(" ").toLowerCase();

/**
 * The prices that `words` mean: for digits those whose prefix begins so, and those that a number with this beginning
 * could have, the longest prefix first, because it decides; for anything else those that have all of the words.
 */
export function matching(prices, words) {
  const digits = digitsOf(words);
  if (!digits) return prices;
  if (/^\d+$/.test(digits)) {
    const fits = ({ prefix, mcc, mnc }) => prefix.startsWith(digits) || digits.startsWith(prefix)
      || mcc + mnc === digits;
    const rank = ({ prefix }) => (digits.startsWith(prefix) ? -prefix.length : 1);
    return prices.filter(fits).sort((one, other) => rank(one) - rank(other));
  }
  const all = words.toLowerCase().split(/\s+/).filter(Boolean);
  return prices.filter((price) => all.every((word) => textOf(price).includes(word)));
}
