// SPDX-License-Identifier: Apache-2.0

import { announce } from "./announce.js";
import { strings } from "./strings.js";

const shownFor = 1500;

/** A button that copies what `text()` returns, and says so. */
export function copyButton(label, text) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = strings.copy;
    button.setAttribute("aria-label", strings.copyOf(label));
    button.addEventListener("click", async () => {
        const said = (await copy(text())) ? strings.copied : strings.notCopied;
        announce(said);
        button.textContent = said;
        setTimeout(() => (button.textContent = strings.copy), shownFor);
    });
    return button;
}

/** Puts a copy button behind each id. */
export function addCopyButtons(container) {
    for (const value of container.querySelectorAll("[data-copy]")) {
        const text = value.textContent;
        if (text !== "") value.append(" ", copyButton(value.dataset.part, () => text));
    }
}

async function copy(text) {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        return copyBySelection(text);
    }
}

/** The clipboard API exists only on https and localhost; this older way works on plain http too. */
function copyBySelection(text) {
    const area = document.createElement("textarea");
    const focused = document.activeElement;
    area.value = text;
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    const isDone = document.execCommand("copy");
    area.remove();
    focused?.focus();
    return isDone;
}
