// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const scripts = readdirSync(new URL("public/js/", root), { recursive: true }).filter((name) => name.endsWith(".js"));
const read = (name) => readFileSync(new URL(name, root), "utf8");

test("the page has no framework and no build step: what lies in public/ is what a browser gets", () => {
    const { dependencies, devDependencies, scripts: steps } = JSON.parse(read("package.json"));
    assert.deepEqual([dependencies, devDependencies, steps], [undefined, undefined, undefined]);
    assert.ok(scripts.length > 10);
    let count = 0;
    for (const name of scripts) {
        const text = read(`public/js/${name}`);
        const imported = [...text.matchAll(/\bfrom\s+["']([^"']+)["'];|^import\s+["']([^"']+)["']|\bimport\(\s*["'`]([^"'`]+)/gm)];
        count += imported.length;
        for (const [whole, ...places] of imported) assert.match(places.find(Boolean), /^\.\.?\//, `${name}: ${whole}`);
        assert.doesNotMatch(text, /sourceMappingURL|\brequire\(|https?:\/\/[^"'\s]*\.js\b/, name);
    }
    assert.ok(count > 20, `${count} imports were found`);
});
