// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { test } from "node:test";
import { groupDigits, readableDuration, readableSize, utf8Length } from "../../public/js/units.js";

// ReadableUnitsTests.swift holds the server to the same table.
const durations = [
    [0, "0 ms"], [0.826, "0.83 ms"], [1.5, "1.5 ms"], [9.994, "9.99 ms"], [9.996, "10 ms"], [100, "100 ms"],
    [999.4, "999 ms"], [999.6, "1 s"], [1234, "1.2 s"], [59_949, "59.9 s"], [59_951, "1 min 0 s"], [125_000, "2 min 5 s"],
];
for (const [milliseconds, text] of durations) {
    test(`${milliseconds} ms reads ${text}`, () => assert.equal(readableDuration(milliseconds), text));
}

const sizes = [
    [0, "0 B"], [1023, "1023 B"], [1024, "1 KB"], [1536, "1.5 KB"], [1_048_576, "1 MB"], [3_207_168, "3.1 MB"], [134_217_728, "128 MB"],
];
for (const [bytes, text] of sizes) {
    test(`${bytes} bytes read ${text}`, () => assert.equal(readableSize(bytes), text));
}

test("digits are grouped by three", () => {
    assert.deepEqual([0, 999, 1000, 1048576].map(groupDigits), ["0", "999", "1,000", "1,048,576"]);
});

test("bytes are counted as UTF-8", () => {
    assert.deepEqual(["", "a", "é", "上", "🚚"].map(utf8Length), [0, 1, 2, 3, 4]);
});
