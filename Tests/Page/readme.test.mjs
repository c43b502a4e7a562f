// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const read = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
const english = read("README.md");
const chinese = read("README.zh-CN.md");

const found = (pattern) => [english, chinese].map((text) => [...text.matchAll(pattern)].map((match) => match[1]));

test("both READMEs have as many headings of each rank, and lead to each other", () => {
    const [left, right] = found(/^(#+) /gm);
    assert.ok(left.length > 3);
    assert.deepEqual(right, left);
    assert.match(english, /\[中文\]\(README\.zh-CN\.md\)/);
    assert.match(chinese, /\[English\]\(README\.md\)/);
});

test("both have the same links, in the same order", () => {
    const targets = (text) => [...text.matchAll(/(?<!!)\[[^\]]*\]\(([^)]+)\)/g)].map((match) => match[1]).filter((target) => !target.startsWith("README"));
    assert.ok(targets(english).length > 10);
    assert.deepEqual(targets(chinese), targets(english));
});

test("both have the same code: what may differ is a comment", () => {
    const blocks = (text) => [...text.matchAll(/```\w+\n([\s\S]*?)```|((?:^    .*\n)+)/gm)].map((match) => (match[1] ?? match[2]).replace(/ +# .*/g, ""));
    assert.ok(blocks(english).length > 6);
    assert.deepEqual(blocks(chinese), blocks(english));
});

test("both show a picture that is there", () => {
    for (const text of [english, chinese]) {
        const [, picture] = text.match(/!\[[^\]]+\]\(([^)]+\.png)\)/);
        assert.ok(readFileSync(new URL(`../../${picture}`, import.meta.url)).length < 200_000);
    }
});

test("every picture of the documents is there, and small", () => {
    const documents = readdirSync(new URL("../../docs/", import.meta.url)).filter((name) => name.endsWith(".md"));
    const pictures = documents.flatMap((name) => [...read(`docs/${name}`).matchAll(/!\[[^\]]+\]\(([^)]+\.png)\)/g)].map((match) => match[1]));
    assert.ok(pictures.length > 7);
    for (const picture of pictures) {
        assert.ok(readFileSync(new URL(`../../docs/${picture}`, import.meta.url)).length < 70_000, picture);
    }
});
