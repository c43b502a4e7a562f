// SPDX-License-Identifier: Apache-2.0

/** Says something to screen readers, politely, without moving the focus. */
export function announce(text) {
    document.querySelector("#announcement").textContent = text;
}
