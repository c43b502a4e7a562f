// SPDX-License-Identifier: Apache-2.0

/**
 * A strict RFC 8259 check that says where a text stops being JSON and what was expected there.
 * It says the same as the server does, so that nothing passes here that is refused there.
 * JSON.parse cannot serve: its messages differ from browser to browser, and few name a position.
 */

/** How deep arrays and objects may nest: the server's own bound. */
export const maximumDepth = 512;

const quote = 0x22, comma = 0x2c, minus = 0x2d, dot = 0x2e, colon = 0x3a;
const openArray = 0x5b, backslash = 0x5c, closeArray = 0x5d, openObject = 0x7b, closeObject = 0x7d;

const isDigit = (c) => c >= 0x30 && c <= 0x39;
const isHex = (c) => isDigit(c) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66);
const isExponent = (c) => c === 0x65 || c === 0x45;

/** Where the text is wrong: thrown inside, returned by `checkJSON`. */
class Flaw {
    constructor(offset, expected) {
        this.offset = offset;
        this.expected = expected;
    }
}

/**
 * Checks one JSON text.
 * @param {string} text
 * @returns {null | {offset: number, line: number, column: number, expected: string, found: string}}
 *   `null` for valid JSON; else the first flaw. `offset` counts UTF-16 units, as a textarea's selection does;
 *   line and column start at 1 and a column is one character, however many units it takes.
 */
export function checkJSON(text) {
    try {
        check(text);
        return null;
    } catch (flaw) {
        if (!(flaw instanceof Flaw)) throw flaw;
        return { offset: flaw.offset, ...positionOf(flaw.offset, text), expected: flaw.expected, found: charAt(text, flaw.offset) };
    }
}

/** Walks over the whole text without recursion: `open` holds one closing bracket for each level. */
function check(text) {
    const open = [];
    let at = skipSpace(text, 0);
    let expectation = "value";
    for (;;) {
        at = checkValueStart(text, at, open, expectation);
        if (at < 0) {
            // A container was opened: -at - 1 is where its inside begins.
            at = skipSpace(text, -at - 1);
            const closing = open[open.length - 1];
            if (text.charCodeAt(at) !== closing) {
                expectation = closing === closeArray ? "valueOrClosingBracket" : "value";
                if (closing === closeObject) at = checkName(text, at, "memberNameOrClosingBrace");
                continue;
            }
            open.pop();
            at += 1;
        }
        // A value has ended: close what ends here, and go on behind the next comma.
        for (;;) {
            at = skipSpace(text, at);
            if (open.length === 0) {
                if (at < text.length) throw new Flaw(at, "endOfDocument");
                return;
            }
            const closing = open[open.length - 1];
            const c = text.charCodeAt(at);
            if (c === closing) {
                open.pop();
                at += 1;
                continue;
            }
            if (c !== comma) throw new Flaw(at, closing === closeArray ? "commaOrClosingBracket" : "commaOrClosingBrace");
            at = skipSpace(text, at + 1);
            if (closing === closeObject) at = checkName(text, at, "memberName");
            expectation = "value";
            break;
        }
    }
}

/** Checks a scalar and returns where it ends; for `[` and `{` notes the level and returns -(inside) - 1. */
function checkValueStart(text, at, open, expectation) {
    const c = text.charCodeAt(at);
    if (c === quote) return checkString(text, at);
    if (c === minus || isDigit(c)) return checkNumber(text, at);
    if (c === openArray || c === openObject) {
        if (open.length >= maximumDepth) throw new Flaw(at, "shallowerNesting");
        open.push(c === openArray ? closeArray : closeObject);
        return -(at + 1) - 1;
    }
    if (c === 0x74) return checkWord(text, at, "true");
    if (c === 0x66) return checkWord(text, at, "false");
    if (c === 0x6e) return checkWord(text, at, "null");
    throw new Flaw(at, expectation);
}

function skipSpace(text, at) {
    for (;; at += 1) {
        const c = text.charCodeAt(at);
        if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return at;
    }
}

/** A member's name and its colon; returns where the value begins. */
function checkName(text, at, expectation) {
    if (text.charCodeAt(at) !== quote) throw new Flaw(at, expectation);
    at = skipSpace(text, checkString(text, at));
    if (text.charCodeAt(at) !== colon) throw new Flaw(at, "colon");
    return skipSpace(text, at + 1);
}

function checkWord(text, at, word) {
    for (let i = 0; i < word.length; i += 1) {
        if (text[at + i] !== word[i]) throw new Flaw(at + i, `literal_${word}`);
    }
    return at + word.length;
}

function checkString(text, start) {
    for (let at = start + 1; ; at += 1) {
        const c = text.charCodeAt(at);
        if (c === quote) return at + 1;
        if (c === backslash) at = checkEscape(text, at);
        else if (c < 0x20) throw new Flaw(at, "stringCharacter");
        else if (Number.isNaN(c)) throw new Flaw(at, "closingQuote");
        else if (c >= 0xd800 && c <= 0xdfff) at = checkSurrogates(text, at);
    }
}

/** Returns the offset of the escape's last character. */
function checkEscape(text, backslashAt) {
    const kind = text[backslashAt + 1];
    if (kind !== undefined && '"\\/bfnrt'.includes(kind)) return backslashAt + 1;
    if (kind !== "u") throw new Flaw(backslashAt + 1, "escape");
    const unit = checkHex(text, backslashAt + 2);
    if (unit >= 0xdc00 && unit <= 0xdfff) throw new Flaw(backslashAt, "highSurrogate");
    if (unit < 0xd800 || unit > 0xdbff) return backslashAt + 5;
    const second = backslashAt + 6;
    if (text[second] !== "\\" || text[second + 1] !== "u") throw new Flaw(second, "lowSurrogate");
    const low = checkHex(text, second + 2);
    if (low < 0xdc00 || low > 0xdfff) throw new Flaw(second, "lowSurrogate");
    return second + 5;
}

function checkHex(text, at) {
    for (let i = at; i < at + 4; i += 1) {
        if (!isHex(text.charCodeAt(i))) throw new Flaw(i, "hexDigit");
    }
    return Number.parseInt(text.slice(at, at + 4), 16);
}

/** Half a character (a lone surrogate) cannot be sent as UTF-8. Returns the offset of the pair's second half. */
function checkSurrogates(text, at) {
    const isPair = text.codePointAt(at) > 0xffff;
    if (!isPair) throw new Flaw(at, "wellFormed");
    return at + 1;
}

function checkNumber(text, at) {
    if (text.charCodeAt(at) === minus) at += 1;
    if (text.charCodeAt(at) === 0x30) {
        at += 1;
        if (isDigit(text.charCodeAt(at))) throw new Flaw(at, "noDigitAfterZero");
    } else {
        at = checkDigits(text, at, "digitAfterMinus");
    }
    if (text.charCodeAt(at) === dot) at = checkDigits(text, at + 1, "digitAfterPoint");
    if (isExponent(text.charCodeAt(at))) {
        at += 1;
        if (text[at] === "+" || text[at] === "-") at += 1;
        at = checkDigits(text, at, "digitOfExponent");
    }
    return at;
}

function checkDigits(text, at, expectation) {
    if (!isDigit(text.charCodeAt(at))) throw new Flaw(at, expectation);
    while (isDigit(text.charCodeAt(at))) at += 1;
    return at;
}

/** LF, CR and CR LF end a line. */
function positionOf(offset, text) {
    let line = 1;
    let lineStart = 0;
    for (const end of text.slice(0, offset).matchAll(/\r\n|\r|\n/g)) {
        line += 1;
        lineStart = end.index + end[0].length;
    }
    let column = 1;
    for (let at = lineStart; at < offset; at += text.codePointAt(at) > 0xffff ? 2 : 1) column += 1;
    return { line, column };
}

/** The whole character at an offset; "" at the end of the text. */
function charAt(text, offset) {
    return offset < text.length ? String.fromCodePoint(text.codePointAt(offset)) : "";
}
