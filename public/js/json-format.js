// SPDX-License-Identifier: Apache-2.0

import { checkJSON } from "./json-check.js";

/**
 * Pretty-prints JSON by its tokens: only white space between tokens changes.
 * Numbers and strings stay as they are written: 12345678901234567890.10e+02 would not survive JSON.parse.
 */

const indent = "  ";
const structural = "{}[]:,";

/** Deep nesting makes indentation grow with the square of the text; beyond this it helps nobody. */
const maximumGrowth = 8;

/**
 * @param {string} text
 * @returns {string | null} the text, indented; `null` where it is not JSON or would grow out of bounds
 */
export function formatJSON(text) {
    if (checkJSON(text) !== null) return null;
    const bound = text.length * maximumGrowth + 4096;
    const parts = [];
    let length = 0;
    let depth = 0;
    let previous = "";
    const put = (part) => {
        parts.push(part);
        length += part.length;
    };
    for (const part of tokens(text)) {
        const closes = part === "}" || part === "]";
        const previousOpens = previous === "{" || previous === "[";
        if (closes) depth -= 1;
        if (previous === ":") put(" ");
        else if ((previousOpens && !closes) || previous === "," || (closes && !previousOpens)) put("\n" + indent.repeat(depth));
        put(part);
        if (part === "{" || part === "[") depth += 1;
        if (length > bound) return null;
        previous = part;
    }
    return parts.join("");
}

/** The tokens of a text that is known to be JSON: strings, numbers and words whole, structural characters one by one. */
function* tokens(text) {
    for (let at = 0; at < text.length; ) {
        const start = at;
        const c = text[at];
        at += 1;
        if (" \t\n\r".includes(c)) continue;
        if (c === '"') {
            while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
            at += 1;
        } else if (!structural.includes(c)) {
            while (at < text.length && !" \t\n\r".includes(text[at]) && !structural.includes(text[at])) at += 1;
        }
        yield text.slice(start, at);
    }
}
