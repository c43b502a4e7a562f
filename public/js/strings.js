// SPDX-License-Identifier: Apache-2.0

/** The words that only the script says. All others stand in the page itself. */

const english = {
    valid: "Valid JSON",
    empty: "No event",
    position: ({ line, column }) => `line ${line}, column ${column}`,
    expected: (what, found) => `expected ${what}, found ${found}`,
    endOfText: "the end of the input",
    byteOrderMark: "a byte order mark",
    bytes: (count, limit) => `${count} of ${limit} bytes`,
    tooManyBytes: (count, limit) => `${count} bytes: more than ${limit}`,
    fileTooLarge: (name, count, limit) => `${name} was not loaded: it has ${count} bytes, more than ${limit}.`,
    fileNotText: (name) => `${name} was not loaded: it is not UTF-8 text.`,
    fileUnreadable: (name) => `${name} could not be read.`,
    cannotFormat: "This JSON nests too deep to be formatted.",
    notSent: (why) => `Not sent: ${why}`,
    namespaceIs: (name) => `Namespace: ${name}`,
    status: (name) => (name === undefined || name === "Active" ? "" : name === "Missing" ? "not in the cloud" : name),
    languages: "Languages",
    codeItself: "the code",
    running: (name) => `Running ${name}`,
    pretty: "Pretty",
    raw: "Raw",
    copy: "Copy",
    copyOf: (what) => `Copy ${what}`,
    copied: "Copied",
    notCopied: "The browser did not allow copying.",
    showAll: (size) => `Show all ${size}`,
    emptyText: "(empty)",
    exactBytes: (count) => `${count} bytes`,
    retryAfter: (seconds) => `Try again in ${seconds} s.`,
    inHistory: "This call in the history",
    goesOn: "The call goes on: its result will be in the history",
    cancelled: {
        title: "Cancelled",
        message: (elapsed) => `This page stopped waiting after ${elapsed}.`,
        advice: "The function may go on running, and is billed for it. Look at its log before you run it again.",
    },
    network: {
        title: "No answer",
        message: (elapsed) => `The connection to the relay failed after ${elapsed}.`,
        advice: "Check your network and that the relay is up. The function may have run all the same: look at its log before you run it again.",
    },
    foreign: {
        title: "Error",
        message: (status) => `The answer, HTTP ${status}, is not the relay's own.`,
        413: "The request is larger than the web server lets through. Send a smaller event.",
        429: "Too many requests. Wait a moment, then try again.",
        502: "The web server cannot reach the relay. Tell whoever runs it; the function may have run all the same.",
        503: "The relay is busy or being restarted. Try again in a minute.",
        504: "The web server stopped waiting for the relay. The function may still be running: look at its log before you run it again.",
        other: "Something between this page and the relay answered. Reload the page; if that does not help, tell whoever runs the relay.",
    },
    whatIsExpected: {
        value: "a value",
        valueOrClosingBracket: "a value or ']'",
        memberName: "a member name in double quotes",
        memberNameOrClosingBrace: "a member name in double quotes or '}'",
        colon: "':' after a member name",
        commaOrClosingBrace: "',' or '}' after a member",
        commaOrClosingBracket: "',' or ']' after an element",
        literal_true: "the word true",
        literal_false: "the word false",
        literal_null: "the word null",
        digitAfterMinus: "a digit after '-'",
        digitAfterPoint: "a digit after the decimal point",
        digitOfExponent: "a digit in the exponent",
        noDigitAfterZero: "no digit after a leading 0",
        closingQuote: "'\"' to close the string",
        stringCharacter: "no bare control character in a string (write it as an escape)",
        escape: "one of \" \\ / b f n r t u after '\\'",
        hexDigit: "four hexadecimal digits after \\u",
        lowSurrogate: "a low surrogate \\uDC00 to \\uDFFF after a high one",
        highSurrogate: "a high surrogate \\uD800 to \\uDBFF before a low one",
        wellFormed: "a whole character, not half a surrogate pair",
        endOfDocument: "the end of the document",
        shallowerNesting: "at most 512 levels of nesting",
    },
};

const chinese = {
    valid: "JSON 格式正确",
    empty: "无事件",
    position: ({ line, column }) => `第 ${line} 行第 ${column} 列`,
    expected: (what, found) => `应为${what}，实为 ${found}`,
    endOfText: "输入结尾",
    byteOrderMark: "字节序标记",
    bytes: (count, limit) => `${count} / ${limit} 字节`,
    tooManyBytes: (count, limit) => `${count} 字节，超过 ${limit}`,
    fileTooLarge: (name, count, limit) => `未载入 ${name}：共 ${count} 字节，超过 ${limit}。`,
    fileNotText: (name) => `未载入 ${name}：不是 UTF-8 文本。`,
    fileUnreadable: (name) => `无法读取 ${name}。`,
    cannotFormat: "嵌套过深，无法格式化。",
    notSent: (why) => `未发送：${why}`,
    namespaceIs: (name) => `命名空间：${name}`,
    status: (name) => (name === undefined || name === "Active" ? "" : name === "Missing" ? "云端没有此函数" : name),
    languages: "语言",
    codeItself: "代码",
    running: (name) => `正在运行 ${name}`,
    pretty: "格式化",
    raw: "原文",
    copy: "复制",
    copyOf: (what) => `复制 ${what}`,
    copied: "已复制",
    notCopied: "浏览器不允许复制。",
    showAll: (size) => `显示全部 ${size}`,
    emptyText: "（空）",
    exactBytes: (count) => `${count} 字节`,
    retryAfter: (seconds) => `请在 ${seconds} 秒后重试。`,
    inHistory: "在历史中查看此调用",
    goesOn: "调用仍在继续，结果将出现在历史中",
    cancelled: {
        title: "已取消",
        message: (elapsed) => `等待 ${elapsed} 后，本页面不再等待。`,
        advice: "函数可能仍在运行并计费。再次运行前，请先查看其日志。",
    },
    network: {
        title: "没有应答",
        message: (elapsed) => `${elapsed} 后与服务的连接失败。`,
        advice: "请检查网络以及服务是否在运行。函数可能已经执行：再次运行前，请先查看其日志。",
    },
    foreign: {
        title: "错误",
        message: (status) => `应答（HTTP ${status}）并非来自本服务。`,
        413: "请求超过了 Web 服务器允许的大小。请减小事件。",
        429: "请求过多。请稍候再试。",
        502: "Web 服务器无法连接到本服务。请联系维护人员；函数可能已经执行。",
        503: "服务繁忙或正在重启。请一分钟后重试。",
        504: "Web 服务器不再等待本服务的应答。函数可能仍在运行：再次运行前，请先查看其日志。",
        other: "应答来自页面与本服务之间的某个环节。请刷新页面；若仍无效，请联系维护人员。",
    },
    whatIsExpected: {
        value: "一个值",
        valueOrClosingBracket: "一个值或 ']'",
        memberName: "双引号括起的成员名",
        memberNameOrClosingBrace: "双引号括起的成员名或 '}'",
        colon: "成员名后的 ':'",
        commaOrClosingBrace: "成员后的 ',' 或 '}'",
        commaOrClosingBracket: "元素后的 ',' 或 ']'",
        literal_true: " true",
        literal_false: " false",
        literal_null: " null",
        digitAfterMinus: " '-' 后的数字",
        digitAfterPoint: "小数点后的数字",
        digitOfExponent: "指数中的数字",
        noDigitAfterZero: "非数字（开头的 0 之后不能再有数字）",
        closingQuote: "结束字符串的 '\"'",
        stringCharacter: "转义写法（字符串中不能直接出现控制字符）",
        escape: " '\\' 后的 \" \\ / b f n r t u 之一",
        hexDigit: " \\u 后的四位十六进制数字",
        lowSurrogate: "高位代理之后的低位代理 \\uDC00 至 \\uDFFF",
        highSurrogate: "低位代理之前的高位代理 \\uD800 至 \\uDBFF",
        wellFormed: "完整的字符，而非半个代理对",
        endOfDocument: "文档结尾",
        shallowerNesting: "最多 512 层嵌套",
    },
};

/** The page's language: "en" or "zh". */
export const language = globalThis.document?.documentElement.lang.startsWith("zh") ? "zh" : "en";

/** The words in the page's language. */
export const strings = language === "zh" ? chinese : english;

/** Both tables, for the test that compares their keys. */
export const tables = { english, chinese };

/** A flaw of `checkJSON` in words: "line 3, column 14: expected ',' or '}' after a member, found 'x'". */
export function describeFlaw(flaw, words = strings) {
    const found = flaw.found === "" ? words.endOfText : nameOf(flaw.found, words);
    const separator = words === chinese ? "：" : ": ";
    return words.position(flaw) + separator + words.expected(words.whatIsExpected[flaw.expected], found);
}

/** A printable character in quotes, any other by its number: as the server names it. */
function nameOf(character, words) {
    if (character === "\uFEFF") return words.byteOrderMark;
    if (!/[\p{C}\p{Zl}\p{Zp}\p{Mn}\p{Me}]/u.test(character)) return `'${character}'`;
    return "U+" + character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
}
