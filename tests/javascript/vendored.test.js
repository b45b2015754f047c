import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
const { devDependencies } = JSON.parse(read("package.json"));
const vendored = read("../../src/tellwire/kernel/web/static/vendor/VERSIONS").trim().split("\n");

for (const line of vendored) {
  const [, name, version] = /^(.+)@([\d.]+) /.exec(line);
  if (name in devDependencies) {
    test(`the types of ${name} are those of the version that pages use`, () => {
      assert.equal(devDependencies[name], version);
    });
  }
}
