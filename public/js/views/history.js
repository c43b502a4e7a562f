// SPDX-License-Identifier: Apache-2.0

/**
 * The views of calls and deliveries with a script: times in the reader's own zone. The server writes them; it is told the
 * offset by a cookie, and the page is loaded again where that was new.
 */

const offset = -new Date().getTimezoneOffset();
const known = document.cookie.split("; ").find((pair) => pair.startsWith("zone="));

if (known !== `zone=${offset}` && navigator.cookieEnabled && !(known === undefined && offset === 0)) {
    document.cookie = `zone=${offset}; Path=/; Max-Age=31536000; SameSite=Lax`;
    const isKept = document.cookie.includes(`zone=${offset}`);
    // Where cookies are refused, loading again would go on for ever.
    if (isKept) location.reload();
}
