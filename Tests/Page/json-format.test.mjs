// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { formatJSON } from "../../public/js/json-format.js";

const suite = new URL("../StrictJSONTests/Fixtures/json-test-suite/", import.meta.url);

const cases = [
    ["12345678901234567890.10e+02", "12345678901234567890.10e+02"],
    ['{"n":12345678901234567890.10e+02,"z":-0.0,"e":1E400}', '{\n  "n": 12345678901234567890.10e+02,\n  "z": -0.0,\n  "e": 1E400\n}'],
    ["[]", "[]"],
    ["{ }", "{}"],
    ["[ [ ] , { } ]", "[\n  [],\n  {}\n]"],
    ['{"a":1,"a":2}', '{\n  "a": 1,\n  "a": 2\n}'],
    ['["\\u4e2d\\/ {[:,]}  \\"", "\\\\"]', '[\n  "\\u4e2d\\/ {[:,]}  \\"",\n  "\\\\"\n]'],
    [' \r\n\t"上海 🚚" ', '"上海 🚚"'],
    ["[true,false,null]", "[\n  true,\n  false,\n  null\n]"],
];
for (const [text, formatted] of cases) {
    test(`formats ${JSON.stringify(text)}`, () => assert.equal(formatJSON(text), formatted));
}

test("what is not JSON is not formatted", () => {
    for (const text of ["", "{a:1}", "[1,]", "hello from scf", "1 2"]) assert.equal(formatJSON(text), null, text);
});

test("formatting changes nothing but white space between tokens, and formatting again changes nothing", () => {
    const files = readdirSync(suite).filter((name) => name.startsWith("y_"));
    assert.ok(files.length > 30, `${files.length} files`);
    for (const name of files) {
        const text = readFileSync(new URL(name, suite), "utf8");
        const formatted = formatJSON(text);
        assert.deepEqual(JSON.parse(formatted), JSON.parse(text), name);
        assert.equal(formatJSON(formatted), formatted, name);
        assert.equal(formatted.replace(/\s/g, ""), text.replace(/\s/g, ""), name);
    }
});

test("deep nesting, whose indentation would fill the memory, is left alone", () => {
    const bottom = "[".repeat(500) + "1,".repeat(2000) + "1" + "]".repeat(500);
    assert.equal(formatJSON(bottom), null);
});
