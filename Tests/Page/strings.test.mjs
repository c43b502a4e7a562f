// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { tables } from "../../public/js/strings.js";

const read = (name) => readFileSync(new URL(`../../public/${name}`, import.meta.url), "utf8");

function keysOf(table) {
    return Object.entries(table).flatMap(([key, value]) => (typeof value === "object" ? keysOf(value).map((inner) => `${key}.${inner}`) : [key]));
}

test("both languages have the same words", () => {
    assert.deepEqual(keysOf(tables.chinese), keysOf(tables.english));
});

test("both catalogues of advice know the same codes", () => {
    const [english, chinese] = ["advice.en.json", "advice.zh.json"].map((name) => JSON.parse(read(name)));
    assert.deepEqual(Object.keys(chinese), Object.keys(english));
    assert.ok(Object.keys(english).length > 0);
});

test("no page has a script, a style or a handler of its own: the content security policy forbids them", () => {
    for (const name of ["index.html", "index.zh.html", "404.html", "413.html", "429.html", "502.html", "504.html"]) {
        assert.doesNotMatch(read(name), /<style|\sstyle=|\son\w+=|javascript:|data:|<script(?![^>]*\ssrc=)/, name);
    }
});
