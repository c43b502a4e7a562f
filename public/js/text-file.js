// SPDX-License-Identifier: Apache-2.0

import { strings } from "./strings.js";
import { groupDigits } from "./units.js";

/**
 * Reads a file as UTF-8, strictly: a byte that is not UTF-8 would arrive changed.
 * @param {File} file
 * @param {number} limit bytes
 * @returns {Promise<{text?: string, problem?: string}>}
 */
export async function readTextFile(file, limit) {
    if (file.size > limit) return { problem: strings.fileTooLarge(file.name, groupDigits(file.size), groupDigits(limit)) };
    let bytes;
    try {
        bytes = await file.arrayBuffer();
    } catch {
        return { problem: strings.fileUnreadable(file.name) };
    }
    try {
        // A byte order mark is kept: JSON forbids it, and the check says so.
        return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
    } catch {
        return { problem: strings.fileNotText(file.name) };
    }
}
