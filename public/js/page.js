// SPDX-License-Identifier: Apache-2.0

/** What every view does better with a script. */

for (const element of document.querySelectorAll(".with-script")) element.hidden = false;

/** `/` leads to the view's search field, unless something is being typed. */
document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const field = document.querySelector("[data-search]");
    if (field === null) return;
    event.preventDefault();
    field.focus();
    field.select();
});
