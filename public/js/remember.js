// SPDX-License-Identifier: Apache-2.0

/**
 * Keeps the short fields while this tab lives, so that a reload loses nothing.
 * Never ClientContext: it may hold what must not be stored.
 */

const key = "scf-relay form";
const names = ["FunctionName", "InvocationType", "LogType", "Namespace", "Qualifier", "Region", "RoutingKey"];

/**
 * @param {HTMLFormElement} form
 * @param {{restore: boolean}} options restore: false on a page that the server filled with what was sent
 */
export function rememberFields(form, { restore }) {
    if (restore) restoreFields(form);
    form.addEventListener("input", () => save(form));
    form.addEventListener("change", () => save(form));
}

function restoreFields(form) {
    const values = load();
    for (const name of names) {
        if (typeof values[name] === "string" && values[name] !== "") form.elements[name].value = values[name];
    }
    const options = form.querySelector(".options");
    options.open ||= [...options.querySelectorAll("input")].some((field) => field.value !== "");
}

function load() {
    try {
        return JSON.parse(sessionStorage.getItem(key)) ?? {};
    } catch {
        return {};
    }
}

function save(form) {
    const values = Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
    try {
        sessionStorage.setItem(key, JSON.stringify(values));
    } catch {
        // Storage is full or forbidden: nothing is remembered, everything else works.
    }
}
