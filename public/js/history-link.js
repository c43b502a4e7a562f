// SPDX-License-Identifier: Apache-2.0

import { strings } from "./strings.js";

/**
 * Where a call is kept that goes on, or has been answered. The page makes the call's id itself: whoever stops waiting finds
 * the result by it.
 */

/** A new id: a random UUID. `randomUUID` is for https and this machine alone. */
export function newCallId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return digits.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * Adds a link to the call in the history, where the relay keeps one.
 *
 * @param {Element} card
 * @param {{callId: string, isKept?: boolean}} outcome isKept: whether the answer said so; absent where there was none
 */
export async function addHistoryLink(card, { callId, isKept }) {
    if (callId === undefined || isKept === false) return;
    if (isKept === undefined && !(await isInHistory(callId))) return;
    const link = document.createElement("a");
    link.href = `/history/${callId}`;
    link.textContent = isKept ? strings.inHistory : strings.goesOn;
    const note = document.createElement("p");
    note.className = "note";
    note.dataset.part = "history";
    note.append(link);
    card.querySelector(".ids").before(note);
}

async function isInHistory(callId) {
    try {
        return (await fetch(`/history/${callId}`, { method: "HEAD", headers: { Accept: "application/json" } })).ok;
    } catch {
        return false;
    }
}
