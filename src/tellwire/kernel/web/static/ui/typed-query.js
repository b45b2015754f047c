// What a page keeps in its address, typed: a text that cannot be read is as good as none. Nothing here draws.
//
//     const FILTER = typedQuery({ to: text(), campaign_id: integer(), state: oneOf(["on", "off"]), all: flag() });
//     FILTER.read({ campaign_id: "x" })  ->  { to: "", campaign_id: null, state: null, all: false }

/**
 * A kind is how a text becomes a value, how a value becomes a text, and the value without a text.
 * @param {any} preset
 * @param {(given: string) => any} read
 * @param {(value: any) => string} write
 */
const kind = (preset, read, write = (value) => String(value)) => ({ preset, read, write });

export const text = (preset = "") => kind(preset, (given) => given);
export const integer = (preset = null) =>
  kind(preset, (given) => (/^-?\d{1,15}$/.test(given) ? Number(given) : undefined));
export const flag = () => kind(false, (given) => (given === "1" ? true : undefined), () => "1");
export const oneOf = (values, preset = null) =>
  kind(preset, (given) => values.find((value) => String(value) === given));

/** `kinds` says by name what the address of a page may hold. */
export function typedQuery(kinds) {
  const known = Object.entries(kinds);
  return {
    /** The values in a query, each with its preset where there is none that can be read. */
    read: (query) => Object.fromEntries(known.map(([name, { preset, read }]) =>
      [name, (name in query ? read(query[name]) : undefined) ?? preset])),
    /** The texts that say these values; what is as preset is left out, so that an address stays short. */
    write: (values) => Object.fromEntries(known
      .filter(([name, { preset }]) => values[name] !== undefined && values[name] !== null && values[name] !== preset)
      .map(([name, { write }]) => [name, write(values[name])])),
  };
}

export const PANEL = "open"; // the one name that every page knows: what stands in the panel over it

const pageOf = (href) => {
  const url = new URL(href, "http://here");
  url.searchParams.delete(PANEL);
  url.searchParams.sort();
  return url.pathname + url.search;
};

const isSamePage = (one, other) => pageOf(one) === pageOf(other);

/** Whether the second opens or closes something over the page of the first. */
export const isOverlay = (one, other) => isSamePage(one, other)
  && new URL(one, "http://here").search !== new URL(other, "http://here").search;

/** `path` with `query`, with `open` in its panel; without for an empty one. */
export function panelAt(path, query, open) {
  const rest = Object.entries(query).filter(([name]) => name !== PANEL);
  const said = new URLSearchParams(open ? [...rest, [PANEL, open]] : rest).toString();
  return said ? `${path}?${said}` : path;
}
