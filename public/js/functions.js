// SPDX-License-Identifier: Apache-2.0

import { strings } from "./strings.js";

/**
 * Offers the functions that may be called here while one types, with what each does.
 * The list is a convenience: any name can be typed, and the server says whether it may be called.
 *
 * The field is a combobox as the ARIA Authoring Practices describe it: the focus stays in the field, the arrow keys
 * move through the list, Enter takes an entry, Escape closes the list.
 */
export async function suggestFunctions(form) {
    const field = form.elements.FunctionName;
    const list = form.querySelector("#functions");
    let functions;
    let entries = [];
    let current = -1;
    // Somebody asked for the list before it came.
    let isAwaited = false;

    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-expanded", "false");

    function open() {
        if (functions === undefined) {
            isAwaited = true;
            return;
        }
        entries = matching(functions, field.value);
        // A list of the one name that stands there already says nothing.
        if (entries.length === 0 || (entries.length === 1 && entries[0].FunctionName === field.value)) return close();
        list.replaceChildren(...entries.map(optionFor));
        list.hidden = false;
        field.setAttribute("aria-expanded", "true");
        point(-1);
    }

    function close() {
        isAwaited = false;
        list.hidden = true;
        field.setAttribute("aria-expanded", "false");
        field.removeAttribute("aria-activedescendant");
        current = -1;
    }

    function point(index) {
        list.children[current]?.setAttribute("aria-selected", "false");
        current = index;
        const option = list.children[index];
        if (option === undefined) return field.removeAttribute("aria-activedescendant");
        option.setAttribute("aria-selected", "true");
        option.scrollIntoView({ block: "nearest" });
        field.setAttribute("aria-activedescendant", option.id);
    }

    function take({ FunctionName, Namespace }) {
        field.value = FunctionName;
        const namespace = form.elements.Namespace;
        namespace.value = Namespace === "default" ? "" : Namespace;
        if (namespace.value !== "") form.querySelector(".options").open = true;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        close();
    }

    function step(event) {
        const count = entries.length;
        if (list.hidden) {
            if (event.key === "Escape") close();
            if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
            open();
            if (list.hidden) return;
        }
        if (event.key === "ArrowDown") point((current + 1) % entries.length);
        else if (event.key === "ArrowUp") point(current <= 0 ? (count || entries.length) - 1 : current - 1);
        else if (event.key === "Enter" && current >= 0 && !event.ctrlKey && !event.metaKey) take(entries[current]);
        else if (event.key === "Escape") close();
        else return;
        event.preventDefault();
    }

    field.addEventListener("keydown", step);
    field.addEventListener("input", (event) => event.isTrusted && open());
    field.addEventListener("click", () => list.hidden && open());
    field.addEventListener("blur", close);
    // Not "click": the field would lose the focus, and the list with it, before the click comes.
    list.addEventListener("pointerdown", (event) => {
        const option = event.target.closest("[role=option]");
        event.preventDefault();
        if (option !== null) take(entries[[...list.children].indexOf(option)]);
    });

    functions = await fetchFunctions();
    describeChoice(form, functions);
    if (isAwaited) open();
}

async function fetchFunctions() {
    try {
        const answer = await fetch("/functions", { headers: { Accept: "application/json" } });
        return answer.ok ? ((await answer.json()).Functions ?? []) : [];
    } catch {
        return [];
    }
}

/** Those with all words in name, namespace or description; names that begin with the text come first. */
function matching(functions, text) {
    const sought = text.toLowerCase();
    const words = sought.split(/\s+/).filter(Boolean);
    const found = functions.filter((one) => {
        const all = [one.FunctionName, one.Namespace, one.Description].join("\n").toLowerCase();
        return words.every((word) => all.includes(word));
    });
    const rank = (one) => (one.FunctionName.toLowerCase().startsWith(sought) ? 0 : 1);
    return found.sort((left, right) => rank(left) - rank(right)).slice(0, 50);
}

function optionFor({ FunctionName, Namespace, Description }, index) {
    const option = document.createElement("li");
    option.id = `function-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const name = document.createElement("span");
    name.textContent = FunctionName;
    option.append(name);
    if (Namespace !== "default") {
        const badge = document.createElement("span");
        badge.className = "badge";
        badge.textContent = Namespace;
        option.append(" ", badge);
    }
    if (Description) {
        const description = document.createElement("span");
        description.className = "muted";
        description.textContent = Description;
        option.append(" ", description);
    }
    return option;
}

/** Says below the field what the function in it does. */
function describeChoice(form, functions) {
    const note = form.querySelector("#FunctionName-chosen");
    const describe = () => {
        const name = form.elements.FunctionName.value;
        const namespace = form.elements.Namespace.value || "default";
        const named = functions.filter((one) => one.FunctionName === name);
        const chosen = named.find((one) => one.Namespace === namespace) ?? named[0];
        note.hidden = chosen === undefined;
        if (chosen === undefined) return;
        const parts = [chosen.Description, strings.namespaceIs(chosen.Namespace ?? "default"), chosen.Runtime, strings.status(chosen.Status)];
        note.textContent = parts.filter(Boolean).join(" · ");
    };
    form.addEventListener("input", describe);
    describe();
}
