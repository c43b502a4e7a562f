// SPDX-License-Identifier: Apache-2.0

import { language } from "./strings.js";

/**
 * What an error code means and what to do about it: the server's catalogue, fetched when the first error is shown.
 * @param {string} code such as "ResourceNotFound.FunctionName"
 * @returns {Promise<{meaning?: string, advice?: string}>} empty where the catalogue knows neither code nor family
 */
export async function adviceFor(code) {
    const catalogue = await fetchCatalogue();
    return catalogue[code] ?? catalogue[code.split(".")[0]] ?? {};
}

async function fetchCatalogue() {
    try {
        const answer = await fetch(`/advice.${language}.json`);
        return answer.ok ? await answer.json() : {};
    } catch {
        return {};
    }
}
