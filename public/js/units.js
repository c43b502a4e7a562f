// SPDX-License-Identifier: Apache-2.0

/** Durations, sizes and counts as people read them. The server's ReadableUnits says the same. */

const kilobyte = 1024;
const megabyte = 1024 * 1024;

/** 1048576 → "1,048,576". */
export function groupDigits(count) {
    return String(Math.trunc(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Milliseconds: "0.83 ms", "250 ms", "1.2 s", "2 min 5 s". */
export function readableDuration(milliseconds) {
    if (milliseconds < 9.995) return `${trimZeros(milliseconds.toFixed(2))} ms`;
    if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
    if (milliseconds < 59_950) return `${trimZeros((milliseconds / 1000).toFixed(1))} s`;
    const seconds = Math.round(milliseconds / 1000);
    return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Bytes: "512 B", "1.5 KB", "3.1 MB"; 1 MB is 1,048,576 bytes, as the cloud counts memory. */
export function readableSize(bytes) {
    if (bytes < kilobyte) return `${bytes} B`;
    if (bytes < 999.5 * kilobyte) return `${trimZeros((bytes / kilobyte).toFixed(1))} KB`;
    return `${trimZeros((bytes / megabyte).toFixed(1))} MB`;
}

/** How many bytes a text takes in UTF-8, which is what the cloud counts. */
export function utf8Length(text) {
    return new Blob([text]).size;
}

function trimZeros(decimal) {
    return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
