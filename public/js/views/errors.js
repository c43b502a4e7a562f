// SPDX-License-Identifier: Apache-2.0

/**
 * The view "errors" with a script: the list shrinks as one types, and the arrow keys walk through it.
 * The server finds the same for `?q=` (ErrorCodesDoor.swift).
 */

const field = document.querySelector("#q");
const list = document.querySelector("#codes");
const none = document.querySelector("#none");
const found = document.querySelector("#found");
const entries = [...list.children].map((item) => ({ item, text: item.textContent.toLowerCase(), link: item.querySelector("a") }));

function search() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { item, text } of entries) {
        item.hidden = !words.every((word) => text.includes(word));
        if (!item.hidden) count += 1;
    }
    const numbers = [count, entries.length];
    found.textContent = found.dataset.found.replace(/#/g, () => numbers.shift());
    none.hidden = count > 0;
    list.hidden = count === 0;
    const address = new URL(location.href);
    if (field.value === "") address.searchParams.delete("q");
    else address.searchParams.set("q", field.value);
    history.replaceState(null, "", address);
}

/** Where the keyboard was last: following a link to an entry takes the focus away. */
let last = field;

/** Moves from the field into the list, along it, and back. */
function step(event, direction) {
    const stops = [field, ...entries.filter(({ item }) => !item.hidden).map(({ link }) => link)];
    const at = stops.indexOf(document.activeElement === document.body ? last : document.activeElement);
    const next = stops[at + direction];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    last = next;
    next.focus();
}

field.addEventListener("input", search);
document.querySelector("#search").addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") step(event, 1);
    else if (event.key === "ArrowUp") step(event, -1);
    else if (event.key === "Escape") {
        field.value = "";
        field.focus();
        search();
    }
});
