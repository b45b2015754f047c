// The hooks of pages.mjs: where a page's import is on the disk.
const SOURCE = new URL("../../src/tellwire/", import.meta.url).href;
const FOLDERS = {
  "/static/shared/": `${SOURCE}kernel/web/static/`,
  "/static/app/": `${SOURCE}platform/dashboard/static/`,
  "/static/portal/": `${SOURCE}gateway/portal/static/`,
};

export async function resolve(specifier, context, next) {
  const name = Object.keys(FOLDERS).find((prefix) => specifier.startsWith(prefix));
  if (name) return pageModule(FOLDERS[name] + specifier.slice(name.length));
  const file = await next(specifier, context);
  return file.url.startsWith(SOURCE) ? pageModule(file.url) : file;
}

// Without a package.json beside them, older versions of Node.js would not take them for modules.
const pageModule = (url) => ({ url, format: "module", shortCircuit: true });
