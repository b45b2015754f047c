// Which page a path names. Nothing here draws or navigates.

/** Path patterns (":name" is one part of a path) with what belongs to them -> a finder. */
export function finder(pages, missing) {
  const known = pages.map(([pattern, load]) =>
    ({ match: new RegExp(`^${pattern.replace(/:(\w+)/g, "(?<$1>[^/]+)")}/?$`), load }));
  return (path) => {
    for (const { match, load } of known) {
      const found = match.exec(path);
      if (!found) continue;
      const parts = Object.entries(found.groups ?? {}).map(([key, text]) => [key, decodeURIComponent(text)]);
      return { load, params: Object.fromEntries(parts) };
    }
    return { load: missing, params: {} };
  };
}
