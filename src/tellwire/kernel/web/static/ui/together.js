// Several answers of `useData` as one, for a page that is drawn when all are there.

/**
 * `parts` are answers by name. `data` has the answer of each under its name once all are there; a part that is false
 * is not asked for, and null. `error` is the first, `reload` asks for all again.
 * @template {Record<string, any>} Parts
 * @param {Parts} parts
 * @returns {{data: {[Name in keyof Parts]: Exclude<Parts[Name], false>["data"]} | undefined, error: any,
 *   isLoading: boolean, reload(): void}}
 */
export function together(parts) {
  const asked = Object.entries(parts).filter(([, part]) => part);
  const isThere = asked.every(([, { data }]) => data !== undefined);
  const data = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part ? part.data : null]));
  return {
    data: isThere ? /** @type {any} */ (data) : undefined,
    error: asked.find(([, { error }]) => error)?.[1].error ?? null,
    isLoading: asked.some(([, { isLoading }]) => isLoading),
    reload: () => { for (const [, { reload }] of asked) reload(); },
  };
}
