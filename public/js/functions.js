// SPDX-License-Identifier: Apache-2.0

import { strings } from "./strings.js";

/**
 * Offers the functions that may be called here: a list for FunctionName and, below it, what the chosen one does.
 * The list is a convenience; without it the name is typed.
 */
export async function suggestFunctions(form) {
    const functions = await fetchFunctions();
    const list = form.querySelector("#functions");
    for (const { FunctionName, Namespace, Description } of functions) {
        const option = document.createElement("option");
        option.value = FunctionName;
        option.label = [FunctionName, Description, Namespace === "default" ? "" : Namespace].filter(Boolean).join(" · ");
        list.append(option);
    }
    describeChoice(form, functions);
}

async function fetchFunctions() {
    try {
        const answer = await fetch("/functions", { headers: { Accept: "application/json" } });
        return answer.ok ? ((await answer.json()).Functions ?? []) : [];
    } catch {
        return [];
    }
}

function describeChoice(form, functions) {
    const field = form.elements.FunctionName;
    const help = form.querySelector("#FunctionName-help");
    const general = help.textContent;
    const describe = () => {
        const chosen = functions.find((one) => one.FunctionName === field.value);
        if (chosen === undefined) help.textContent = general;
        else help.textContent = [chosen.Description, strings.namespaceIs(chosen.Namespace ?? "default")].filter(Boolean).join(" · ");
    };
    field.addEventListener("input", describe);
    describe();
}
