// SPDX-License-Identifier: Apache-2.0

/** The view "functions" with a script: the arrow keys walk through what was found. */

const field = document.querySelector("#q");
const stops = [field, ...document.querySelectorAll(".functions a")];

document.addEventListener("keydown", (event) => {
    const direction = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = stops.indexOf(document.activeElement);
    const next = stops[at + direction];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    next.focus();
});
