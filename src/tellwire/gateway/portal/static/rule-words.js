// A routing rule in words: its id tells people nothing.

/** Which messages a rule fits. */
export const words = (rule) => [
  rule.prefix ? `numbers that begin with +${rule.prefix}` : "every number",
  rule.mcc && `in network ${rule.mcc} ${rule.mnc}`.trim(),
  rule.source && `from ${rule.source}`,
].filter(Boolean).join(", ");

/** What the server takes of a rule. */
export const bare = ({ id, prefix, mcc, mnc, source, fits_all, by, is_enabled, shares }) => ({
  id, prefix, mcc, mnc, source, fits_all, by, is_enabled,
  shares: shares.map(({ carrier, weight }) => ({ carrier, weight: Number(weight) || 0 })),
});

export const percent = (part) => `${(100 * part).toFixed(part > 0 && part < 0.01 ? 1 : 0)} %`;
