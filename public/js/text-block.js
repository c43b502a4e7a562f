// SPDX-License-Identifier: Apache-2.0

import { copyButton } from "./copy.js";
import { formatJSON } from "./json-format.js";
import { strings } from "./strings.js";
import { readableSize, utf8Length } from "./units.js";

/** A text of the answer in its block: pretty or raw, with a copy button; long ones are cut until asked for. */

/** A browser lays out this much at once; megabytes would freeze it. */
const shownAtFirst = 100_000;

/** Takes over a block that the server rendered. */
export function adoptBlock(section) {
    const raw = section.querySelector("pre.text") ?? section.querySelector("pre");
    const text = raw.textContent;
    section.querySelector("pre.pretty")?.remove();
    section.querySelector("details.raw")?.replaceWith(raw);
    fillBlock(section, text, { format: section.dataset.part === "RetMsg" });
}

/**
 * @param {HTMLElement} section a `.block`
 * @param {string} text shown as text, whatever it contains
 * @param {{format: boolean}} options format: pretty at first where it is JSON
 */
export function fillBlock(section, text, { format }) {
    const pre = section.querySelector("pre");
    const tools = document.createElement("div");
    tools.className = "tools";
    const pretty = format ? formatJSON(text) : null;
    let shown = text;
    const show = (chosen) => {
        shown = chosen;
        showText(pre, chosen);
    };
    if (pretty !== null && pretty !== text) tools.append(viewSwitch({ pretty, raw: text }, show));
    else show(text);
    if (text !== "") tools.append(copyButton(section.dataset.part, () => shown));
    section.querySelector("h3").after(tools);
}

/** Two buttons of which one is pressed. */
function viewSwitch(views, show) {
    const group = document.createElement("div");
    group.className = "switch";
    const buttons = Object.keys(views).map((name) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = strings[name];
        button.addEventListener("click", () => press(name));
        group.append(button);
        return [name, button];
    });
    function press(name) {
        for (const [other, button] of buttons) button.setAttribute("aria-pressed", String(other === name));
        show(views[name]);
    }
    press("pretty");
    return group;
}

function showText(pre, text) {
    pre.nextElementSibling?.matches(".show-all") && pre.nextElementSibling.remove();
    pre.classList.toggle("nothing", text === "");
    if (text.length <= shownAtFirst) {
        pre.textContent = text === "" ? strings.emptyText : text;
        return;
    }
    pre.textContent = text.slice(0, shownAtFirst) + "…";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet show-all";
    button.textContent = strings.showAll(readableSize(utf8Length(text)));
    button.addEventListener("click", () => {
        pre.textContent = text;
        button.remove();
        pre.focus();
    });
    pre.after(button);
}
