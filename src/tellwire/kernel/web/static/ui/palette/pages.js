// The pages of an application as a source of the palette.

/** `groups` is the table of places that the frame shows. */
export const pagesOf = (groups) => ({
  name: "Pages",
  items: groups.flatMap(([, places]) => places.map(([href, icon, name, use]) =>
    ({ name, icon, href, hint: use, words: use }))),
});
