// SPDX-License-Identifier: Apache-2.0

/**
 * The event that each function was last called with, for a button that brings it back.
 *
 * They are kept in this page alone, and are gone with it. Only whoever ticks the box has them stored, in this browser;
 * taking the tick away removes them all.
 */

const key = "scf-relay events";
const maximumCount = 20;
const maximumLength = 64 * 1024;

/**
 * @param {HTMLFormElement} form
 * @param {{text: () => string, replaceText: (text: string) => void}} editor
 * @returns {{keep: () => void}} keep: remembers the event in the form as the function's last one
 */
export function offerLastEvents(form, editor) {
    const box = form.querySelector("#remember-events");
    const button = form.querySelector("#last-event");
    const stored = load();
    const events = new Map(stored ?? []);
    box.checked = stored !== null;

    const name = () => `${form.elements.Namespace.value || "default"}/${form.elements.FunctionName.value}`;

    function offer() {
        const event = events.get(name());
        button.hidden = event === undefined || event === editor.text();
    }

    function keep() {
        const text = editor.text();
        events.delete(name());
        if (text !== "" && text.length <= maximumLength) events.set(name(), text);
        for (const oldest of [...events.keys()].slice(0, -maximumCount)) events.delete(oldest);
        if (box.checked) store(events);
        offer();
    }

    button.addEventListener("click", () => {
        editor.replaceText(events.get(name()));
        offer();
        form.elements.ClientContext.focus();
    });
    box.addEventListener("change", () => (box.checked ? store(events) : forget()));
    form.addEventListener("input", offer);
    offer();
    return { keep };
}

function load() {
    try {
        const entries = JSON.parse(localStorage.getItem(key));
        return Array.isArray(entries) ? entries.filter((entry) => entry.every((part) => typeof part === "string")) : null;
    } catch {
        return null;
    }
}

function store(events) {
    try {
        localStorage.setItem(key, JSON.stringify([...events]));
    } catch {
        // Storage is full or forbidden: the events of this page stay with it.
    }
}

function forget() {
    try {
        localStorage.removeItem(key);
    } catch {
        // Forbidden: then nothing was stored.
    }
}
