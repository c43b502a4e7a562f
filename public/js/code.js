// SPDX-License-Identifier: Apache-2.0

import { announce } from "./announce.js";
import { copyButton } from "./copy.js";
import { strings } from "./strings.js";

/** The call as code: one tab a language. */

const key = "scf-relay code language";

/**
 * @param {HTMLElement} container
 * @param {{name: string, Code: {Language: string, Title: string, File: string, Text: string}[], EventFile?: string}} answer
 */
export function showCode(container, { name, Code, EventFile }) {
    const card = document.querySelector("#code-template").content.firstElementChild.cloneNode(true);
    card.querySelector('[data-part="FunctionName"]').textContent = name;
    const note = card.querySelector('[data-part="eventFile"]');
    if (EventFile === undefined) note.remove();
    else note.querySelector("code").textContent = EventFile;
    card.querySelector(".languages").replaceWith(tabs(Code));
    container.replaceChildren(card);
    announce(card.querySelector("h2").textContent);
    return card;
}

/** Takes over code that the server rendered. */
export function adoptCode(card) {
    const languages = card.querySelector(".languages");
    const code = [...languages.querySelectorAll("details")].map((details) => ({
        Language: details.dataset.language,
        Title: details.querySelector("summary").firstChild.textContent.trim(),
        File: details.querySelector("summary code").textContent,
        Text: details.querySelector("pre").textContent,
    }));
    languages.replaceWith(tabs(code));
}

function tabs(code) {
    const group = document.createElement("div");
    const list = document.createElement("div");
    const panel = document.createElement("div");
    const file = document.createElement("code");
    const head = document.createElement("div");
    const pre = document.createElement("pre");
    let shown = code[0];
    group.className = "languages";
    list.className = "tabs";
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", strings.languages);
    panel.id = "code-panel";
    panel.setAttribute("role", "tabpanel");
    head.className = "file-name";
    pre.tabIndex = 0;
    pre.setAttribute("role", "region");
    head.append(file, copyButton(strings.codeItself, () => shown.Text));
    panel.append(head, pre);
    const buttons = code.map((one) => {
        const button = document.createElement("button");
        button.type = "button";
        button.id = `code-tab-${one.Language}`;
        button.textContent = one.Title;
        button.setAttribute("role", "tab");
        button.setAttribute("aria-controls", panel.id);
        button.addEventListener("click", () => choose(one));
        return button;
    });
    list.append(...buttons);
    list.addEventListener("keydown", (event) => {
        const at = buttons.indexOf(document.activeElement);
        const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
        if (next === undefined || at < 0) return;
        event.preventDefault();
        const button = buttons[(next + buttons.length) % buttons.length];
        button.focus();
        button.click();
    });
    group.append(list, panel);

    function choose(one) {
        shown = one;
        for (const [index, button] of buttons.entries()) {
            const isChosen = code[index] === one;
            button.setAttribute("aria-selected", String(isChosen));
            button.tabIndex = isChosen ? 0 : -1;
        }
        file.textContent = one.File;
        pre.textContent = one.Text;
        pre.setAttribute("aria-label", one.Title);
        panel.setAttribute("aria-labelledby", `code-tab-${one.Language}`);
        remember(one.Language);
    }
    choose(code.find(({ Language }) => Language === remembered()) ?? code[0]);
    return group;
}

function remembered() {
    try {
        return localStorage.getItem(key);
    } catch {
        return null;
    }
}

function remember(language) {
    try {
        localStorage.setItem(key, language);
    } catch {
        // Forbidden: the first language is shown next time.
    }
}
