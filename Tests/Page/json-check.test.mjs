// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { checkJSON, maximumDepth } from "../../public/js/json-check.js";
import { describeFlaw, tables } from "../../public/js/strings.js";

const suite = new URL("../StrictJSONTests/Fixtures/json-test-suite/", import.meta.url);

/** Valid as the page sees a file: UTF-8, kept as it is, and then JSON. */
function accepts(bytes) {
    try {
        return checkJSON(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)) === null;
    } catch {
        return false;
    }
}

test("json-test-suite: y_ is accepted, n_ is refused, i_ does no harm", () => {
    const names = readdirSync(suite).filter((name) => name.endsWith(".json"));
    assert.ok(names.length > 140, `${names.length} files`);
    for (const name of names) {
        const isAccepted = accepts(readFileSync(new URL(name, suite)));
        if (name.startsWith("y_")) assert.equal(isAccepted, true, name);
        if (name.startsWith("n_")) assert.equal(isAccepted, false, name);
    }
});

const flaws = [
    ['{\n  "a": 1,\n  "count": 3 x\n}', "line 3, column 14: expected ',' or '}' after a member, found 'x'"],
    ["", "line 1, column 1: expected a value, found the end of the input"],
    ["[1,]", "line 1, column 4: expected a value, found ']'"],
    ["[1 2]", "line 1, column 4: expected ',' or ']' after an element, found '2'"],
    ["[x]", "line 1, column 2: expected a value or ']', found 'x'"],
    ["{", "line 1, column 2: expected a member name in double quotes or '}', found the end of the input"],
    ["{'a':1}", "line 1, column 2: expected a member name in double quotes or '}', found '''"],
    ['{"a":1,}', "line 1, column 8: expected a member name in double quotes, found '}'"],
    ['{"a"}', "line 1, column 5: expected ':' after a member name, found '}'"],
    ["nul", "line 1, column 4: expected the word null, found the end of the input"],
    ["[tRue]", "line 1, column 3: expected the word true, found 'R'"],
    ["01", "line 1, column 2: expected no digit after a leading 0, found '1'"],
    ["-x", "line 1, column 2: expected a digit after '-', found 'x'"],
    ["1.", "line 1, column 3: expected a digit after the decimal point, found the end of the input"],
    ["1e+", "line 1, column 4: expected a digit in the exponent, found the end of the input"],
    ['"a', "line 1, column 3: expected '\"' to close the string, found the end of the input"],
    ['"a\tb"', "line 1, column 3: expected no bare control character in a string (write it as an escape), found U+0009"],
    ['"\\x"', "line 1, column 3: expected one of \" \\ / b f n r t u after '\\', found 'x'"],
    ['"\\u12G4"', "line 1, column 6: expected four hexadecimal digits after \\u, found 'G'"],
    ['"\\uDC00"', "line 1, column 2: expected a high surrogate \\uD800 to \\uDBFF before a low one, found '\\'"],
    ['"\\uD83Dx"', "line 1, column 8: expected a low surrogate \\uDC00 to \\uDFFF after a high one, found 'x'"],
    ["1 2", "line 1, column 3: expected the end of the document, found '2'"],
    ["\uFEFF{}", "line 1, column 1: expected a value, found a byte order mark"],
    ["[\u0007]", "line 1, column 2: expected a value or ']', found U+0007"],
];
for (const [text, message] of flaws) {
    test(`${JSON.stringify(text)}: ${message}`, () => {
        assert.equal(describeFlaw(checkJSON(text), tables.english), message);
    });
}

test("a column is a character, however many bytes or UTF-16 units it takes", () => {
    const flaw = checkJSON('["上海 🚚🚚", x]');
    assert.deepEqual([flaw.line, flaw.column, flaw.offset], [1, 11, 12]);
});

test("LF, CR and CR LF end a line", () => {
    assert.equal(checkJSON("[\n1,\r2,\r\n3 x").line, 4);
});

test("half a surrogate pair is refused: it could not be sent as UTF-8", () => {
    assert.equal(checkJSON('"\uD83D"').expected, "wellFormed");
});

test("nesting up to the bound passes, one level more does not, and a million levels do no harm", () => {
    const nested = (depth) => "[".repeat(depth) + "]".repeat(depth);
    assert.equal(checkJSON(nested(maximumDepth)), null);
    assert.equal(checkJSON(nested(maximumDepth + 1)).column, maximumDepth + 1);
    assert.equal(checkJSON(nested(1_000_000)).expected, "shallowerNesting");
});

test("every flaw has words in both languages", () => {
    const source = readFileSync(new URL("../../public/js/json-check.js", import.meta.url), "utf8");
    const fixed = [...source.matchAll(/(?:new Flaw\([^"]*|checkDigits\([^"]*|checkName\([^"]*|expectation = )"(\w+)"/g)].map((match) => match[1]);
    assert.ok(fixed.length > 15, String(fixed));
    for (const words of Object.values(tables)) {
        for (const name of fixed) assert.ok(words.whatIsExpected[name], name);
    }
});
