// SPDX-License-Identifier: Apache-2.0

/** TC3's chain of keys and its signature, computed by the browser: a key that is typed here leaves it in no way. */

const encoder = new TextEncoder();

async function hmac(key, text) {
    const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", imported, encoder.encode(text)));
}

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * Each HMAC of the chain, as hex digits: of every step, and at last of the string to sign.
 *
 * @param {string} start what the chain begins with: `TC3` and SecretKey
 * @param {string[]} steps date, service, `tc3_request`
 * @param {string} stringToSign
 * @returns {Promise<string[]>}
 */
export async function chain(start, steps, stringToSign) {
    let key = encoder.encode(start);
    const results = [];
    for (const text of [...steps, stringToSign]) {
        key = await hmac(key, text);
        results.push(hex(key));
    }
    return results;
}
